using Kiban.Images.Building;
using Kiban.Processes;

namespace Kiban.Images.Nodes;

/// <summary>The images of a node's containerd, as the kubelet sees them.</summary>
public sealed class NodeImageStore
{
    private const string KubernetesNamespace = "k8s.io";

    private readonly string _socket;
    private readonly string _ctr;

    /// <summary>Speaks to a containerd by <c>ctr</c>.</summary>
    /// <param name="socket">Path of containerd's socket.</param>
    /// <param name="ctr">The program <c>ctr</c>, if it is not on the search path.</param>
    public NodeImageStore(string socket, string ctr = "ctr")
    {
        _socket = socket;
        _ctr = ctr;
    }

    /// <summary>References of the images on the node, each with its digest.</summary>
    /// <exception cref="CommandException">containerd did not answer.</exception>
    public async Task<IReadOnlyDictionary<string, string>> ListAsync(CancellationToken cancellationToken)
    {
        // REF TYPE DIGEST SIZE UNIT PLATFORMS LABELS, under a headline
        var table = (await Command.RunAsync(_ctr, Arguments("images", "list"), cancellationToken)).RequireOutput();
        return table.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(columns => columns.Length >= 3)
            .ToDictionary(columns => columns[0], columns => columns[2], StringComparer.Ordinal);
    }

    /// <summary>Loads an image, unless the node has just this one under its name.</summary>
    /// <returns>Whether it had to be loaded.</returns>
    /// <exception cref="CommandException">containerd refused it or did not answer.</exception>
    public async Task<bool> LoadAsync(ImageBuilder builder, BuiltImage image, CancellationToken cancellationToken)
    {
        var present = await ListAsync(cancellationToken);
        if (present.TryGetValue(image.Reference, out var digest) && digest == image.Digest)
            return false;
        var result = await Command.StreamAsync(
            _ctr,
            Arguments("images", "import", "-"),
            (input, cancel) => builder.WriteArchiveAsync(image, input, cancel),
            (output, cancel) => output.CopyToAsync(Stream.Null, cancel),
            cancellationToken);
        result.RequireOutput();
        return true;
    }

    private string[] Arguments(params string[] command) => ["--address", _socket, "--namespace", KubernetesNamespace, .. command];
}
