using System.Net;
using System.Net.Sockets;

namespace Kiban.Kubernetes.Tests.Fakes;

/// <summary>Stands between a client and a server and can cut every connection, and refuse new ones, at any moment.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly int _serverPort;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Socket> _sockets = [];
    private readonly HashSet<Socket> _frozen = [];
    private readonly Task _accepting;
    private volatile bool _refuses;

    public CuttingProxy(Uri server)
    {
        _serverPort = server.Port;
        _listener.Start();
        Address = new UriBuilder(server) { Host = "127.0.0.1", Port = ((IPEndPoint)_listener.LocalEndpoint).Port }.Uri;
        _accepting = AcceptAsync();
    }

    /// <summary>Where clients connect.</summary>
    public Uri Address { get; }

    /// <summary>Cuts every connection, whatever is under way in it.</summary>
    public void Cut()
    {
        Socket[] sockets;
        lock (_gate)
        {
            sockets = [.. _sockets];
            _sockets.Clear();
        }
        foreach (var socket in sockets)
        {
            try
            {
                // Zero linger: a reset, as from a crashed peer, rather than an orderly end.
                socket.LingerState = new LingerOption(true, 0);
                socket.Dispose();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // It ended by itself this moment.
            }
        }
    }

    /// <summary>Cuts every connection and refuses new ones until <see cref="Mend"/>.</summary>
    public void Break()
    {
        _refuses = true;
        Cut();
    }

    public void Mend() => _refuses = false;

    /// <summary>
    /// From now on nothing passes over the connections that are open, and neither side is told: a node that failed, or a forgotten entry of
    /// a NAT. New connections work.
    /// </summary>
    public void Freeze()
    {
        lock (_gate)
            _frozen.UnionWith(_sockets);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        Cut();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync(_stop.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            client.NoDelay = true;
            lock (_gate)
            {
                _sockets.Add(client);
                _sockets.Add(server);
            }
            if (!_refuses)
            {
                await server.ConnectAsync(IPAddress.Loopback, _serverPort, _stop.Token);
                await Task.WhenAny(CopyAsync(client, server), CopyAsync(server, client));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut, here or by the server.
        }
        finally
        {
            lock (_gate)
            {
                _sockets.Remove(client);
                _sockets.Remove(server);
            }
            client.Dispose();
        }
    }

    private async Task CopyAsync(Socket from, Socket to)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            while (await from.ReceiveAsync(buffer, _stop.Token) is var count && (count > 0 || IsFrozen(from)))
            {
                if (IsFrozen(from))
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
                await to.SendAsync(buffer.AsMemory(0, count), _stop.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Cut: the other direction ends with this one.
        }
    }

    private bool IsFrozen(Socket socket)
    {
        lock (_gate)
            return _frozen.Contains(socket);
    }
}
