using System.CommandLine;
using Kiban.Cli.Local;
using Kiban.Images.Nodes;
using Kiban.LocalCluster;

namespace Kiban.Cli.Images;

/// <summary>Says which node's containerd is meant: that of a local cluster, or any by its socket.</summary>
internal sealed class NodeOption
{
    private readonly ClusterNameOption _cluster = new("--cluster", "-c");

    private readonly Option<FileInfo?> _socket = new("--socket")
    {
        Description = "Socket of another containerd than that of a local cluster",
    };

    public void AddTo(Command command)
    {
        command.Add(_cluster);
        command.Add(_socket);
    }

    /// <summary>The images of the node.</summary>
    /// <exception cref="LocalClusterException">There is no such cluster, or its node does not run.</exception>
    public NodeImageStore Store(ParseResult parsed)
    {
        if (parsed.GetValue(_socket) is { } socket)
            return new NodeImageStore(socket.FullName);
        var name = parsed.GetRequiredValue(_cluster);
        return new NodeImageStore(
            _cluster.Open(parsed).Node.ContainerdSocket
                ?? throw new LocalClusterException($"The node of cluster '{name}' does not run; 'kiban local up --name {name}' starts it."));
    }
}
