namespace Kiban.Loader.Stores;

/// <summary>What kind of failure a store reports.</summary>
internal enum StoreFailure
{
    /// <summary>No such bucket, or no such host.</summary>
    SourceNotFound,

    /// <summary>The credential is refused, or does not open this.</summary>
    AccessDenied,

    /// <summary>The credential cannot be used: it does not parse, a file of it is missing, its token endpoint refuses it.</summary>
    BadCredential,

    /// <summary>The object is not the version that was listed, or is gone.</summary>
    Changed,

    /// <summary>The object cannot be read as it is: archived, encrypted with a key that is not given.</summary>
    Unreadable,

    /// <summary>Too many requests (429, 503 SlowDown).</summary>
    Throttled,

    /// <summary>A server error, a broken connection, an answer that is not what was asked for: may pass.</summary>
    Unavailable,

    /// <summary>The request itself cannot work against this server, such as a listing it does not serve.</summary>
    Unsupported,
}
