using System.Net;
using System.Net.Sockets;

namespace Kiban.Loader.Stores.Connections;

/// <summary>
/// Spreads connections over all addresses that a name has, beginning with the next one each time: a store's front servers each give a part of what
/// all of them can. An address that refuses is passed over.
/// </summary>
internal sealed class AddressRotation(Func<DnsEndPoint, CancellationToken, Task<IPEndPoint[]>> resolve)
{
    private int _next = -1;

    /// <summary>Asks the machine's name service.</summary>
    public static async Task<IPEndPoint[]> ResolveAsync(DnsEndPoint server, CancellationToken cancellationToken)
    {
        IPAddress[] addresses = IPAddress.TryParse(server.Host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(server.Host, cancellationToken);
        return [.. addresses.Select(address => new IPEndPoint(address, server.Port))];
    }

    /// <summary>Opens a connection.</summary>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint server, CancellationToken cancellationToken)
    {
        var addresses = await resolve(server, cancellationToken);
        if (addresses.Length == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        var start = (uint)Interlocked.Increment(ref _next);
        for (var i = 0u; ; i++)
        {
            var address = addresses[(start + i) % (uint)addresses.Length];
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException) when (i + 1 < addresses.Length)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
