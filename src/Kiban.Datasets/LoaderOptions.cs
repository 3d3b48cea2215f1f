namespace Kiban.Datasets;

/// <summary>How the loader's Pods, and the init containers that wait, are made.</summary>
public sealed class LoaderOptions
{
    /// <summary>Image with the program <c>kiban-loader</c>.</summary>
    public string Image { get; init; } = "kiban-loader";

    /// <summary><c>IfNotPresent</c>, <c>Always</c> or <c>Never</c>.</summary>
    public string ImagePullPolicy { get; init; } = "IfNotPresent";

    /// <summary>Names of Secrets to pull it with, which must be in each namespace.</summary>
    public IList<string> ImagePullSecrets { get; init; } = [];

    /// <summary>Processor time of a load, request and limit.</summary>
    public string Cpu { get; init; } = "2";

    /// <summary>Memory of a load, request and limit.</summary>
    public string Memory { get; init; } = "256Mi";

    /// <summary>Processor time of an init container that waits, request and limit.</summary>
    public string WaitCpu { get; init; } = "50m";

    /// <summary>Memory of an init container that waits, request and limit.</summary>
    public string WaitMemory { get; init; } = "32Mi";

    /// <summary>User as whom it runs where the Pods that will use the data do not say; 0 leaves it to the image and the cluster's policy.</summary>
    public long User { get; init; } = 65532;

    /// <summary>How often a load that failed for a passing cause is started again before it counts as failed.</summary>
    public int BackoffLimit { get; init; } = 6;

    /// <summary>Bytes fetched in all, as a multiple of the data set's size, after which a load ends as failed.</summary>
    public double EgressBudget { get; init; } = 3;

    /// <summary>Environment of the program, such as <c>HTTPS_PROXY</c> and <c>NO_PROXY</c>. Never a secret: everybody in the namespace can read it.</summary>
    public IDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}
