using System.Net.Sockets;

namespace Kiban.LocalCluster.Nodes;

/// <summary>
/// Held by one process of the machine at a time, while it chooses something of which there is only one. A socket in Linux's abstract
/// namespace: it leaves no file, and the kernel releases it however the process ends
/// (<see href="https://man7.org/linux/man-pages/man7/unix.7.html"/>).
/// </summary>
internal sealed class MachineLock : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(20);

    private readonly Socket _socket;

    private MachineLock(Socket socket) => _socket = socket;

    /// <summary>Waits until the lock called <paramref name="name"/> is this process's.</summary>
    public static async Task<MachineLock> AcquireAsync(string name, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                socket.Bind(new UnixDomainSocketEndPoint("\0" + name));
                return new MachineLock(socket);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                socket.Dispose();
                await Task.Delay(PollInterval, time, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();
}
