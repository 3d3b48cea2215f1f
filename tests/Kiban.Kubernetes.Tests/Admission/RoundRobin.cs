using System.Net;
using System.Net.Sockets;

namespace Kiban.Kubernetes.Tests.Admission;

/// <summary>What a Service is to the API server: one address, behind it the replicas that are ready, new connections in turn.</summary>
internal sealed class RoundRobin : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _lock = new();
    private readonly List<AdmissionServer> _replicas = [];
    private readonly Task _accepting;
    private int _turn;

    public RoundRobin()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Address => new($"https://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Whether connections go to replicas that are not ready, too.</summary>
    public bool IgnoresReadiness { get; set; }

    public void Add(AdmissionServer replica)
    {
        lock (_lock)
            _replicas.Add(replica);
    }

    public void Remove(AdmissionServer replica)
    {
        lock (_lock)
            _replicas.Remove(replica);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                _ = ForwardAsync(client);
            }
            catch (Exception stopped) when (stopped is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            try
            {
                client.NoDelay = true;
                if (Next() is not { } port)
                    return;
                await server.ConnectAsync(IPAddress.Loopback, port, _stopping.Token);
                await using var clientStream = client.GetStream();
                await using var serverStream = server.GetStream();
                await Task.WhenAny(
                    clientStream.CopyToAsync(serverStream, _stopping.Token), serverStream.CopyToAsync(clientStream, _stopping.Token));
            }
            catch (Exception closed) when (closed is OperationCanceledException or SocketException or IOException)
            {
                // One side has closed the connection; the other learns it now.
            }
        }
    }

    private int? Next()
    {
        lock (_lock)
        {
            for (var tried = 0; tried < _replicas.Count; tried++)
            {
                var replica = _replicas[_turn++ % _replicas.Count];
                if (replica.IsReady || IgnoresReadiness)
                    return replica.Port;
            }

            return null;
        }
    }
}
