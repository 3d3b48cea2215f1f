using System.Net;
using System.Net.Sockets;

namespace Kiban.Testing.ObjectStorage;

/// <summary>Ports of Swift's processes.</summary>
internal sealed record SwiftPorts(int Proxy, int Account, int Container, int Object, int Memcached)
{
    /// <summary>Five ports that were free a moment ago.</summary>
    public static SwiftPorts Free()
    {
        var listeners = Enumerable.Range(0, 5).Select(_ => new TcpListener(IPAddress.Any, 0)).ToArray();
        try
        {
            foreach (var listener in listeners)
                listener.Start();
            var ports = listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port).ToArray();
            return new SwiftPorts(ports[0], ports[1], ports[2], ports[3], ports[4]);
        }
        finally
        {
            foreach (var listener in listeners)
                listener.Dispose();
        }
    }

    public int Of(string server) => server switch
    {
        "account" => Account,
        "container" => Container,
        "object" => Object,
        _ => throw new ArgumentOutOfRangeException(nameof(server), server, "Swift has no such storage server."),
    };
}
