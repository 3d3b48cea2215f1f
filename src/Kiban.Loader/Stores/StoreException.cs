namespace Kiban.Loader.Stores;

/// <summary>A store did not do what it was asked. The message is one sentence for a person, without any secret.</summary>
internal sealed class StoreException(StoreFailure failure, string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What kind of failure it is.</summary>
    public StoreFailure Failure { get; } = failure;

    /// <summary>How long the server asks to be left alone, where it says so.</summary>
    public TimeSpan? RetryAfter { get; } = retryAfter;

    /// <summary>Whether the same call can succeed later.</summary>
    public bool IsPassing => Failure is StoreFailure.Throttled or StoreFailure.Unavailable or StoreFailure.Changed;
}
