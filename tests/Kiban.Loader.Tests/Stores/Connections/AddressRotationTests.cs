using System.Net;
using System.Net.Sockets;
using Kiban.Loader.Stores.Connections;

namespace Kiban.Loader.Tests.Stores.Connections;

public sealed class AddressRotationTests : IDisposable
{
    private readonly TcpListener _first = new(IPAddress.Parse("127.0.0.1"), 0);
    private readonly TcpListener _second = new(IPAddress.Parse("127.0.0.2"), 0);

    public AddressRotationTests()
    {
        _first.Start();
        _second.Start();
    }

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    [Fact]
    public async Task Connections_go_to_all_addresses_in_turn()
    {
        var rotation = new AddressRotation((_, _) => Task.FromResult<IPEndPoint[]>([Address(_first), Address(_second)]));
        for (var i = 0; i < 4; i++)
            (await rotation.ConnectAsync(new DnsEndPoint("store", 443), TestContext.Current.CancellationToken)).Dispose();
        (await AcceptAsync(_first, 2), await AcceptAsync(_second, 2)).ShouldBe((2, 2));
    }

    [Fact]
    public async Task Address_that_refuses_is_passed_over()
    {
        var gone = Address(_second);
        _second.Stop();
        var rotation = new AddressRotation((_, _) => Task.FromResult<IPEndPoint[]>([Address(_first), gone]));
        for (var i = 0; i < 2; i++)
            (await rotation.ConnectAsync(new DnsEndPoint("store", 443), TestContext.Current.CancellationToken)).Dispose();
        (await AcceptAsync(_first, 2)).ShouldBe(2);
    }

    [Fact]
    public async Task Refusal_of_every_address_is_the_last_ones()
    {
        var gone = Address(_second);
        _second.Stop();
        var rotation = new AddressRotation((_, _) => Task.FromResult<IPEndPoint[]>([gone, gone]));
        var e = await Should.ThrowAsync<SocketException>(async () => await rotation.ConnectAsync(new DnsEndPoint("store", 443), TestContext.Current.CancellationToken));
        e.SocketErrorCode.ShouldBe(SocketError.ConnectionRefused);
    }

    private static IPEndPoint Address(TcpListener listener) => (IPEndPoint)listener.LocalEndpoint;

    private static async Task<int> AcceptAsync(TcpListener listener, int count)
    {
        var accepted = 0;
        for (; accepted < count; accepted++)
            (await listener.AcceptSocketAsync(TestContext.Current.CancellationToken)).Dispose();
        return accepted + (listener.Pending() ? 1 : 0);
    }
}
