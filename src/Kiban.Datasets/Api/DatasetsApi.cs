namespace Kiban.Datasets.Api;

/// <summary>Every identifier of this part that users, other programs or stored objects rely on.</summary>
public static class DatasetsApi
{
    /// <summary>Prefix of the annotations and labels of this part.</summary>
    public const string Prefix = "dataset.kiban.dev/";

    /// <summary>Name under which the server records the fields that this part owns.</summary>
    public const string FieldManager = "kiban-datasets";

    /// <summary>Type of the condition on a claim, and on a Pod that waits for data which will not come.</summary>
    public const string Condition = "kiban.dev/DataLoaded";

    /// <summary>Scheduling gate of a Pod that waits, and its name in <see cref="KueueGatedByAnnotation"/>.</summary>
    public const string SchedulingGate = "kiban.dev/data";

    /// <summary>Init container that waits where there is no scheduling gate.</summary>
    public const string WaitContainer = "kiban-wait-for-data";

    /// <summary>Label of the Pods and Jobs that this part follows; one of <see cref="LoaderRole"/> and <see cref="ConsumerRole"/>.</summary>
    public const string RoleLabel = Prefix + "role";

    /// <summary>A loader's Job or Pod.</summary>
    public const string LoaderRole = "loader";

    /// <summary>A Pod that waits for data.</summary>
    public const string ConsumerRole = "consumer";

    /// <summary>Label of a loader's Job and Pod: UID of the claim that is filled.</summary>
    public const string ClaimUidLabel = Prefix + "claim-uid";

    /// <summary>
    /// Label of claims that may share one load, and of the snapshots cut from it: digest of what is loaded, from where.
    /// </summary>
    public const string SourceLabel = Prefix + "source-key";

    /// <summary>
    /// Label on a Pod or namespace, value <c>true</c>: Pods that use claims are refused while Kiban does not answer, rather than started
    /// before their data is there.
    /// </summary>
    public const string RequiredLabel = Prefix + "required";

    /// <summary>Annotation of Kueue: who holds a workload back before quota is reserved (KEP-6915), separated by commas.</summary>
    public const string KueueGatedByAnnotation = "kueue.x-k8s.io/admission-gated-by";

    /// <summary>Label by which a workload names its queue in Kueue.</summary>
    public const string KueueQueueLabel = "kueue.x-k8s.io/queue-name";

    /// <summary>Annotations that users write on a claim, each with <see cref="Prefix"/>.</summary>
    public static class Annotations
    {
        /// <summary>Where the data is: <c>s3://</c>, <c>gs://</c> and <c>https://</c> addresses, separated by white space.</summary>
        public const string Source = Prefix + "source";

        /// <summary>Directory in the volume under which the data is put; the volume's root where it is not set.</summary>
        public const string Path = Prefix + "path";

        /// <summary>Names of typed Secrets in the claim's namespace, at most one for each cloud, separated by commas; anonymous where it is not set.</summary>
        public const string Credentials = Prefix + "credentials";

        /// <summary>Globs, separated by commas: only what matches one is loaded.</summary>
        public const string Include = Prefix + "include";

        /// <summary>Globs, separated by commas: what matches one is not loaded.</summary>
        public const string Exclude = Prefix + "exclude";

        /// <summary>How Pods wait: <c>schedule</c>, <c>start</c> or <c>never</c>.</summary>
        public const string Wait = Prefix + "wait";

        /// <summary>Whether a snapshot of an equal load may be used and made: <c>auto</c> or <c>never</c>.</summary>
        public const string Cache = Prefix + "cache";

        /// <summary><c>true</c>: a source without objects is no mistake.</summary>
        public const string AllowEmpty = Prefix + "allow-empty";

        /// <summary>Any new value loads again what changed.</summary>
        public const string Reload = Prefix + "reload";

        /// <summary><c>true</c>: files that are gone at the source are removed from the volume when it is loaded again.</summary>
        public const string Prune = Prefix + "prune";

        /// <summary>
        /// When a claim whose StorageClass binds on first use is loaded: <c>consumer</c> (when a Pod uses it) or <c>immediate</c> (at once, on
        /// whichever node).
        /// </summary>
        public const string Bind = Prefix + "bind";

        /// <summary>All that users write; any other key with the prefix is a mistake.</summary>
        public static IReadOnlyList<string> All { get; } = [Source, Path, Credentials, Include, Exclude, Wait, Cache, AllowEmpty, Reload, Prune, Bind];
    }

    /// <summary>Annotations that this part writes.</summary>
    public static class Records
    {
        /// <summary>On a claim: the key of the load that is in the volume, whole and verified. It contains the claim's UID, so a copied one means nothing.</summary>
        public const string Loaded = Prefix + "loaded";

        /// <summary>On a claim: digest of what was loaded.</summary>
        public const string Content = Prefix + "content";

        /// <summary>On a claim: why it could not be filled from a snapshot of an equal load.</summary>
        public const string NotFromCache = Prefix + "not-from-cache";

        /// <summary>On a Pod with <see cref="WaitContainer"/>: the names of its claims whose data is there, separated by commas.</summary>
        public const string LoadedClaims = Prefix + "loaded-claims";

        /// <summary>On a loader's Job: the key of the load.</summary>
        public const string LoadKey = Prefix + "load-key";

        /// <summary>On a loader's Job: fingerprint of the Secrets it was started with.</summary>
        public const string Credentials = Prefix + "credentials-version";

        /// <summary>All that may be found on a claim.</summary>
        public static IReadOnlyList<string> OnClaims { get; } = [Loaded, Content, NotFromCache];
    }

    /// <summary>Secrets that <see cref="Annotations.Credentials"/> may name.</summary>
    public static class SecretTypes
    {
        /// <summary>Keys of an AWS access key, or one for an S3-compatible store.</summary>
        public const string Aws = "kiban.dev/aws-credentials";

        /// <summary>A Google credentials file.</summary>
        public const string Gcp = "kiban.dev/gcp-credentials";
    }
}
