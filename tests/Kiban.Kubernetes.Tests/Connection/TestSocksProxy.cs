using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Kiban.Kubernetes.Tests.Connection;

/// <summary>A SOCKS proxy (RFC 1928) that connects by name, for those who say the password (RFC 1929).</summary>
internal sealed class TestSocksProxy : IAsyncDisposable
{
    private const byte PasswordMethod = 2;

    private readonly string _password;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    /// <param name="password">User and password, with a colon between.</param>
    public TestSocksProxy(string password)
    {
        _password = password;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => _listener.LocalEndpoint.ToString()!;

    /// <summary>Names that it was asked to connect to.</summary>
    public ConcurrentQueue<string> Targets { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ContinueWith(_ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = ServeAsync(client).ContinueWith(_ => client.Dispose(), TaskScheduler.Default);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        var stream = client.GetStream();
        var greeting = await ReadAsync(stream, 2);
        (await ReadAsync(stream, greeting[1])).ShouldContain(PasswordMethod);
        await stream.WriteAsync(new byte[] { 5, PasswordMethod }, _stop.Token);

        await ReadAsync(stream, 1);
        var isRight = $"{await ReadTextAsync(stream)}:{await ReadTextAsync(stream)}" == _password;
        await stream.WriteAsync(new byte[] { 1, (byte)(isRight ? 0 : 1) }, _stop.Token);
        if (!isRight)
            return;

        (await ReadAsync(stream, 4)).ShouldBe([5, 1, 0, 3], "version, CONNECT, reserved, by name");
        Targets.Enqueue(await ReadTextAsync(stream));
        var port = await ReadAsync(stream, 2);
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, (port[0] << 8) | port[1], _stop.Token);
        await stream.WriteAsync(new byte[] { 5, 0, 0, 1, 0, 0, 0, 0, 0, 0 }, _stop.Token);
        await Task.WhenAny(stream.CopyToAsync(server.GetStream(), _stop.Token), server.GetStream().CopyToAsync(stream, _stop.Token));
    }

    private async Task<string> ReadTextAsync(NetworkStream stream) => Encoding.UTF8.GetString(await ReadAsync(stream, (await ReadAsync(stream, 1))[0]));

    private async Task<byte[]> ReadAsync(NetworkStream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, _stop.Token);
        return bytes;
    }
}
