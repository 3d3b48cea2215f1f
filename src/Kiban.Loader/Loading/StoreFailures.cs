using Kiban.Loader.Stores;

namespace Kiban.Loader.Loading;

/// <summary>What a failure of a store means for the load.</summary>
internal static class StoreFailures
{
    /// <summary>The load's own failure for one that ends it.</summary>
    public static LoadException Ending(StoreException failure) => new(
        failure.Failure switch
        {
            StoreFailure.SourceNotFound => LoadReason.SourceNotFound,
            StoreFailure.AccessDenied or StoreFailure.Unreadable => LoadReason.AccessDenied,
            StoreFailure.BadCredential => LoadReason.BadCredential,
            StoreFailure.Changed => LoadReason.SourceChanged,
            StoreFailure.Unsupported => LoadReason.WrongArguments,
            _ => LoadReason.StoreUnavailable,
        },
        failure.Message,
        failure);

    /// <summary>
    /// A failure of reading from a store as the store itself would report it; null for what is no failure of reading. A connection that breaks in
    /// the middle of a body is told by the runtime's own exceptions.
    /// </summary>
    public static StoreException? Of(Exception error) => error switch
    {
        StoreException store => store,
        HttpRequestException or IOException => new StoreException(StoreFailure.Unavailable, error.Message, inner: error),
        _ => null,
    };
}
