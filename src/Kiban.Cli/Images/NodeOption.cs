using System.CommandLine;
using Kiban.Images.Nodes;

namespace Kiban.Cli.Images;

/// <summary>Says which node's containerd is meant.</summary>
internal sealed class NodeOption
{
    private readonly Option<FileInfo> _socket = new("--socket")
    {
        Description = "Socket of the node's containerd",
        Required = true,
    };

    public void AddTo(Command command) => command.Add(_socket);

    public NodeImageStore Store(ParseResult parsed) => new(parsed.GetRequiredValue(_socket).FullName);
}
