using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Kiban.Kubernetes.Tests.Connection;

/// <summary>An HTTP proxy that knows CONNECT and nothing else; over TLS where it has a certificate, and for those only who say the password where it has one.</summary>
internal sealed class TestProxy : IAsyncDisposable
{
    private readonly X509Certificate2? _certificate;
    private readonly string? _password;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    /// <param name="certificate">Its certificate.</param>
    /// <param name="password">User and password, with a colon between.</param>
    public TestProxy(X509Certificate2? certificate = null, string? password = null)
    {
        (_certificate, _password) = (certificate, password);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public Uri Uri => new($"{(_certificate is null ? "http" : "https")}://{_listener.LocalEndpoint}");

    /// <summary>Heads of the requests so far.</summary>
    public ConcurrentQueue<string> Heads { get; } = new();

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
        await using var stream = _certificate is null ? (Stream)client.GetStream() : new SslStream(client.GetStream());
        if (stream is SslStream tls)
            await tls.AuthenticateAsServerAsync(_certificate!);
        var head = await ReadHeadAsync(stream);
        var wanted = $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(_password ?? ""))}\r\n";
        while (_password is not null && !head.Contains(wanted, StringComparison.Ordinal))
        {
            await stream.WriteAsync("HTTP/1.1 407 Who are you\r\nProxy-Authenticate: Basic realm=\"test\"\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), _stop.Token);
            head = await ReadHeadAsync(stream);
        }

        var target = head.Split(' ')[1].Split(':');
        using var server = new TcpClient();
        // Whatever the name, it is on this machine: that the proxy resolves names is the point of some proxies.
        await server.ConnectAsync(IPAddress.Loopback, int.Parse(target[1], System.Globalization.CultureInfo.InvariantCulture), _stop.Token);
        await stream.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), _stop.Token);
        await Task.WhenAny(stream.CopyToAsync(server.GetStream(), _stop.Token), server.GetStream().CopyToAsync(stream, _stop.Token));
    }

    private async Task<string> ReadHeadAsync(Stream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, _stop.Token);
            head.Append((char)one[0]);
        }

        Heads.Enqueue(head.ToString());
        return head.ToString();
    }
}
