namespace Kiban.Loader;

/// <summary>What a load is doing or how it ended, as programs read it: the reasons of the condition <c>kiban.dev/DataLoaded</c>.</summary>
internal enum LoadReason
{
    /// <summary>The sources are being listed and compared with what is here.</summary>
    Listing,

    /// <summary>Bytes are being fetched.</summary>
    Loading,

    /// <summary>All bytes are here; checksums are compared and data is made durable.</summary>
    Verifying,

    /// <summary>Everything is in place, verified.</summary>
    Loaded,

    /// <summary>No such bucket, host or object.</summary>
    SourceNotFound,

    /// <summary>The source is there and nothing of it is to be loaded.</summary>
    SourceEmpty,

    /// <summary>The credential does not open the source.</summary>
    AccessDenied,

    /// <summary>The credential cannot be used at all.</summary>
    BadCredential,

    /// <summary>The volume has too few bytes or inodes left.</summary>
    InsufficientSpace,

    /// <summary>An object arrived with other content than its source vouches for, again and again.</summary>
    ChecksumMismatch,

    /// <summary>An object changed while it was read, again and again.</summary>
    SourceChanged,

    /// <summary>A key cannot be a file name in the volume, or two keys would be the same file.</summary>
    UnsafeKey,

    /// <summary>More bytes were fetched than the budget allows.</summary>
    EgressBudgetExceeded,

    /// <summary>Nothing has arrived for a long time.</summary>
    Stalled,

    /// <summary>The command line is wrong.</summary>
    WrongArguments,

    /// <summary>The source does not answer, or only with errors.</summary>
    StoreUnavailable,

    /// <summary>The volume refuses to be written.</summary>
    VolumeNotWritable,

    /// <summary>SIGTERM ended the load; the next one continues it.</summary>
    Interrupted,
}
