namespace Kiban.Datasets.Api;

/// <summary>Reasons of the condition <see cref="DatasetsApi.Condition"/>.</summary>
public static class LoadReasons
{
    /// <summary>True: the data is there, whole and verified.</summary>
    public const string Loaded = "Loaded";

    /// <summary>True: as <see cref="Loaded"/>, and it came from a snapshot of an equal load.</summary>
    public const string CloneFromCache = "CloneFromCache";

    /// <summary>The number of loads at once is reached, for the namespace or the cluster.</summary>
    public const string Queued = "Queued";

    /// <summary>A Secret that is named does not exist, or is of another type.</summary>
    public const string WaitingForCredential = "WaitingForCredential";

    /// <summary>The claim binds on first use, and no Pod uses it yet.</summary>
    public const string WaitingForFirstConsumer = "WaitingForFirstConsumer";

    /// <summary>The loader's Pod has no node, image or volume yet.</summary>
    public const string Starting = "Starting";

    /// <summary>The source is being listed.</summary>
    public const string Listing = "Listing";

    /// <summary>Bytes are on their way.</summary>
    public const string Loading = "Loading";

    /// <summary>What came is being checked and put in place.</summary>
    public const string Verifying = "Verifying";

    /// <summary>The data is there, and is kept for later claims before any Pod can change it.</summary>
    public const string CuttingSnapshot = "CuttingSnapshot";

    /// <summary>A quota or limit range of the namespace refuses the loader's Pod.</summary>
    public const string QuotaExceeded = "QuotaExceeded";

    /// <summary>Something else in the cluster refuses the loader's Pod: Pod security, a webhook.</summary>
    public const string PodRefused = "PodRefused";

    /// <summary>Nothing arrives.</summary>
    public const string Stalled = "Stalled";

    /// <summary>The store does not answer as it should; it is tried again.</summary>
    public const string StoreUnavailable = "StoreUnavailable";

    /// <summary>Failed: no such bucket, host or object.</summary>
    public const string SourceNotFound = "SourceNotFound";

    /// <summary>Failed: the source has no objects that are wanted.</summary>
    public const string SourceEmpty = "SourceEmpty";

    /// <summary>Failed: the credential does not open the source.</summary>
    public const string AccessDenied = "AccessDenied";

    /// <summary>Failed: the credential cannot be used.</summary>
    public const string BadCredential = "BadCredential";

    /// <summary>Failed: the volume has too little space or too few inodes.</summary>
    public const string InsufficientSpace = "InsufficientSpace";

    /// <summary>Failed: what arrives is not what the source vouches for, again and again.</summary>
    public const string ChecksumMismatch = "ChecksumMismatch";

    /// <summary>Failed: objects change faster than they can be read.</summary>
    public const string SourceChanged = "SourceChanged";

    /// <summary>Failed: a key that cannot be a file name in the volume.</summary>
    public const string UnsafeKey = "UnsafeKey";

    /// <summary>Failed: more bytes were fetched than the data set's size allows.</summary>
    public const string EgressBudgetExceeded = "EgressBudgetExceeded";

    /// <summary>Failed: the volume cannot be written.</summary>
    public const string VolumeNotWritable = "VolumeNotWritable";

    /// <summary>Failed: passing failures did not pass.</summary>
    public const string BackoffLimitExceeded = "BackoffLimitExceeded";

    /// <summary>Failed: the claim's annotations are wrong.</summary>
    public const string InvalidAnnotations = "InvalidAnnotations";

    /// <summary>Failed: a claim of this kind cannot be filled.</summary>
    public const string UnsupportedClaim = "UnsupportedClaim";

    private static readonly HashSet<string> Failures =
    [
        SourceNotFound, SourceEmpty, AccessDenied, BadCredential, InsufficientSpace, ChecksumMismatch, SourceChanged, UnsafeKey, EgressBudgetExceeded,
        VolumeNotWritable, BackoffLimitExceeded, InvalidAnnotations, UnsupportedClaim,
    ];

    /// <summary>Whether a load with this reason has failed for good: only a person, or a changed Secret, can mend it.</summary>
    public static bool IsFailure(string reason) => Failures.Contains(reason);

    /// <summary>Whether a changed Secret may mend it.</summary>
    public static bool IsAboutCredentials(string reason) => reason is AccessDenied or BadCredential;
}
