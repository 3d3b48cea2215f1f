namespace Kiban.LocalCluster.Binaries;

/// <summary>A folder that the user names by <c>--binaries</c> or, as with controller-runtime's envtest, by <c>KUBEBUILDER_ASSETS</c>.</summary>
public sealed class NamedFolderRoute : IBinaryRoute
{
    private readonly string? _environmentFolder;

    /// <summary>Creates the route; the folder of the environment is read now.</summary>
    public NamedFolderRoute()
        : this(Environment.GetEnvironmentVariable("KUBEBUILDER_ASSETS"))
    {
    }

    internal NamedFolderRoute(string? environmentFolder) => _environmentFolder = environmentFolder;

    /// <inheritdoc/>
    public string Name => "folder";

    /// <inheritdoc/>
    /// <exception cref="LocalClusterException">A folder was named and does not serve: falling back to another would not be what was asked for.</exception>
    public async Task<RouteAnswer> TryAsync(BinaryRequest request, IProgress<BinaryProgress> progress, CancellationToken cancellationToken)
    {
        var (folder, origin) = request.Folder is { Length: > 0 } named ? (named, "--binaries") : (_environmentFolder, "KUBEBUILDER_ASSETS");
        if (string.IsNullOrEmpty(folder))
        {
            return RouteAnswer.Declined("no folder is named by --binaries or KUBEBUILDER_ASSETS");
        }

        if (!Directory.Exists(folder))
        {
            throw new LocalClusterException($"{origin} names the folder {folder}, which does not exist.");
        }

        var binaries = await KubernetesBinaries.OpenAsync(folder, cancellationToken);
        if (request.Version is { } version && version != binaries.Version)
        {
            throw new LocalClusterException($"{origin} names the folder {folder}, which holds Kubernetes {binaries.Version}, but --kubernetes-version asks for {version}.");
        }

        var missing = request.Programs.Where(program => !binaries.Has(program)).ToList();
        return missing.Count == 0
            ? RouteAnswer.Served(binaries)
            : throw new LocalClusterException($"{origin} names the folder {folder}, which lacks {string.Join(", ", missing)}.");
    }
}
