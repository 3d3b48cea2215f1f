namespace Kiban.Loader;

/// <summary>A load cannot go on. The message is one sentence for a person, without any secret.</summary>
internal sealed class LoadException(LoadReason reason, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why, for programs.</summary>
    public LoadReason Reason { get; } = reason;

    /// <summary>Whether the same command can succeed later although nobody changes anything.</summary>
    public bool IsPassing => Reason is LoadReason.StoreUnavailable or LoadReason.Stalled or LoadReason.Interrupted;
}
