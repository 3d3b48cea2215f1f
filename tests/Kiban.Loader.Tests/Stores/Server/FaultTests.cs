using Kiban.ObjectStore.Testing;
using Kiban.ObjectStore.Testing.Contents;
using Kiban.ObjectStore.Testing.Faults;

namespace Kiban.Loader.Tests.Stores.Server;

/// <summary>That the tests' server does wrong what it is told to do wrong, and counts what it sends.</summary>
public sealed class FaultTests : IAsyncLifetime
{
    private static readonly byte[] Content = ObjectContent.Generated(3, 500_000).ToArray();

    private readonly HttpClient _http = new();
    private TestObjectStore _server = null!;
    private Uri _file = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await TestObjectStore.StartAsync(TestContext.Current.CancellationToken);
        _server.CreateBucket("data", isPublic: true).Put("file", ObjectContent.Generated(3, Content.Length));
        _file = new Uri(_server.S3Endpoint, "data/file");
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _server.DisposeAsync();
    }

    [Fact]
    public async Task Reset_comes_after_at_most_so_many_bytes()
    {
        _server.Faults.Add("file", new FaultAction.Reset(100_000));
        var (bytes, fault) = await ReadAsync();
        (bytes.Length <= 100_000, fault is not null).ShouldBe((true, true));
        _server.Counts.Of("data", "file").BytesSent.ShouldBe(100_000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Short_body_has_so_many_bytes(bool promisesAll)
    {
        _server.Faults.Add("file", new FaultAction.Shorten(100_000, promisesAll));
        var (bytes, fault) = await ReadAsync();
        bytes.ShouldBe(Content[..100_000]);
        (fault is not null).ShouldBe(promisesAll);
    }

    [Fact]
    public async Task Stalled_body_stops_after_so_many_bytes()
    {
        _server.Faults.Add("file", new FaultAction.Stall(100_000));
        using var answer = await _http.GetAsync(_file, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var bytes = new byte[100_000];
        await body.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
        bytes.ShouldBe(Content[..100_000]);
        var more = body.ReadAsync(new byte[1], TestContext.Current.CancellationToken).AsTask();
        more.IsCompleted.ShouldBeFalse();
    }

    [Fact]
    public async Task Corrupt_body_differs_in_one_byte()
    {
        _server.Faults.Add("file", new FaultAction.Corrupt(123_456));
        var (bytes, _) = await ReadAsync();
        Enumerable.Range(0, Content.Length).Where(i => bytes[i] != Content[i]).ShouldBe([123_456]);
    }

    [Fact]
    public async Task Throttled_body_is_whole()
    {
        _server.Faults.Add("file", new FaultAction.Throttle(2_000_000));
        (await ReadAsync()).Bytes.ShouldBe(Content);
    }

    [Fact]
    public async Task Fault_acts_on_the_requests_it_is_for()
    {
        _server.Faults.Add("file", new FaultAction.Answer(503, "SlowDown"), from: 2, times: 2);
        var statuses = new List<int>();
        for (var i = 0; i < 5; i++)
        {
            using var answer = await _http.GetAsync(_file, TestContext.Current.CancellationToken);
            statuses.Add((int)answer.StatusCode);
        }

        statuses.ShouldBe([200, 503, 503, 200, 200]);
        _server.Faults.Injected.ShouldBe(2);
    }

    [Fact]
    public async Task Chance_follows_from_the_seed()
    {
        var first = await StatusesAsync(seed: 5);
        (await StatusesAsync(seed: 5)).ShouldBe(first);
        first.Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Requests_bytes_and_connections_are_counted()
    {
        _server.Counts.Reset();
        using var request = new HttpRequestMessage(HttpMethod.Get, _file);
        request.Headers.Range = new(10, 19);
        using var answer = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        (await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBe(Content[10..20]);
        var counts = _server.Counts;
        (counts.Total, counts.Connections, counts.BytesSent, counts.Of("data", "file").Reads).ShouldBe((1, 1, 10, 1));
    }

    [Fact]
    public void Generated_content_has_no_two_like_parts_and_the_same_ones_wherever_it_is_read()
    {
        var content = ObjectContent.Generated(9, 1_000_000);
        var whole = content.ToArray();
        content.Read(70_000, 200_000).SelectMany(piece => piece.ToArray()).ShouldBe(whole[70_000..270_000]);
        whole.Chunk(65_536).Select(block => Convert.ToHexString(block.AsSpan(0, 16))).Distinct().Count().ShouldBe(16);
        ObjectContent.Generated(10, 1_000_000).ToArray().ShouldNotBe(whole);
        (content.Crc32C, content.Crc64Nvme, content.Md5).ShouldBe((ObjectContent.Of(whole).Crc32C, ObjectContent.Of(whole).Crc64Nvme, ObjectContent.Of(whole).Md5));
    }

    /// <summary>Check values of the CRC catalogue (<see href="https://reveng.sourceforge.io/crc-catalogue/all.htm"/>).</summary>
    [Fact]
    public void Checksums_are_those_of_the_catalogue()
    {
        var content = ObjectContent.Of("123456789");
        (content.Crc32C, content.Crc64Nvme, content.Md5).ShouldBe((0xE3069283u, 0xAE8B14860A799888ul, "25f9e794323b453885f5181f1b624d0b"));
    }

    private async Task<List<int>> StatusesAsync(int seed)
    {
        _server.Faults.Clear();
        _server.Faults.Seed(seed);
        _server.Faults.Add(new Fault(new FaultAction.Answer(500, "InternalError")) { Probability = 0.5 });
        var statuses = new List<int>();
        for (var i = 0; i < 16; i++)
        {
            using var answer = await _http.GetAsync(_file, TestContext.Current.CancellationToken);
            statuses.Add((int)answer.StatusCode);
        }

        return statuses;
    }

    private async Task<(byte[] Bytes, Exception? Fault)> ReadAsync()
    {
        using var answer = await _http.GetAsync(_file, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var body = await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        var bytes = new MemoryStream();
        try
        {
            await body.CopyToAsync(bytes, TestContext.Current.CancellationToken);
            return (bytes.ToArray(), null);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (bytes.ToArray(), e);
        }
    }
}
