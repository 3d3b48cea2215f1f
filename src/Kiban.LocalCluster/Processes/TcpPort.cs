using System.Net;
using System.Net.Sockets;

namespace Kiban.LocalCluster.Processes;

/// <summary>Looks at TCP ports of the machine.</summary>
internal static class TcpPort
{
    /// <summary>
    /// True when somebody takes connections there. Asked many times while a daemon starts, so without an exception for "no", which costs
    /// as much processor time as the daemon itself uses in a while.
    /// </summary>
    public static async Task<bool> IsListeningAsync(IPEndPoint address, CancellationToken cancellationToken)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var attempt = new SocketAsyncEventArgs { RemoteEndPoint = address };
        var end = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        attempt.Completed += (_, _) => end.TrySetResult();
        if (socket.ConnectAsync(attempt))
        {
            await using var cancelled = cancellationToken.Register(() => Socket.CancelConnectAsync(attempt));
            await end.Task;
        }

        cancellationToken.ThrowIfCancellationRequested();
        return attempt.SocketError == SocketError.Success;
    }
}
