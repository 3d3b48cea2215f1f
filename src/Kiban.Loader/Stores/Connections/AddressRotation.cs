using System.Net;
using System.Net.Sockets;

namespace Kiban.Loader.Stores.Connections;

/// <summary>
/// Spreads connections over all addresses that a name has, beginning with the next one each time: a store's front servers each give a part of what
/// all of them can. An address that refuses is passed over.
/// </summary>
internal sealed class AddressRotation(Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    private int _next = -1;

    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(endPoint.Host, out var literal) ? [literal] : await resolve(endPoint.Host, cancellationToken);
        if (addresses.Length == 0)
            throw new SocketException((int)SocketError.HostNotFound);
        var start = (uint)Interlocked.Increment(ref _next);
        for (var i = 0u; ; i++)
        {
            var address = addresses[(start + i) % (uint)addresses.Length];
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(new IPEndPoint(address, endPoint.Port), cancellationToken);
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
