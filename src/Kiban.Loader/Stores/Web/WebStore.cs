using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using Kiban.Loader.Stores.Connections;
using Kiban.Sources;

namespace Kiban.Loader.Stores.Web;

/// <summary>
/// A file on a web server. Its version is its ETag, or else its time of change: the first makes requests conditional by <c>If-Match</c> if it is strong,
/// the second by <c>If-Unmodified-Since</c> (<see href="https://www.rfc-editor.org/rfc/rfc9110#section-13"/>).
/// </summary>
internal sealed class WebStore : IObjectStore
{
    private readonly Uri _address;
    private readonly string _key;
    private readonly string _name;
    private readonly StoreConnections _connections;

    public WebStore(SourceUri source, StoreOptions options)
    {
        _address = source.Address!;
        _key = source.Key;
        _name = source.Canonical;
        _connections = new StoreConnections(options, followsRedirects: true);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<IReadOnlyList<SourceObject>> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return [await FindAsync(cancellationToken)];
    }

    /// <inheritdoc/>
    public async Task<RangeBody> OpenRangeAsync(SourceObject source, long offset, long length, CancellationToken cancellationToken)
    {
        if (source.Size == 0)
            return new RangeBody(Stream.Null, 0);
        var isRange = source.Size is not null && (offset != 0 || length != source.Size);
        if (!source.HasRanges && isRange)
            throw new ArgumentException($"{_name} is read whole or not at all.", nameof(offset));
        using var request = CreateRequest(HttpMethod.Get, isRange ? new RangeHeaderValue(offset, offset + length - 1) : null);
        switch (source.Version)
        {
            case ['"', ..]:
                request.Headers.TryAddWithoutValidation("If-Match", source.Version);
                break;
            case ['W', '/', ..] or null:
                break;
            default:
                request.Headers.TryAddWithoutValidation("If-Unmodified-Since", source.Version);
                break;
        }

        var answer = await _connections.SendAsync(request, cancellationToken);
        try
        {
            if (!answer.IsSuccessStatusCode)
                throw WebFailures.Of(answer, _name, wasListed: true, _connections.RetryAfter(answer));
            if (source.Version is { } listed && VersionOf(answer) is { } given && given != listed)
                throw RangeAnswer.Changed(_name, $"its version is {given} and was {listed}");
            var announced = RangeAnswer.Check(answer, source, _name, offset, length, isRange);
            return new RangeBody(await answer.Content.ReadAsStreamAsync(cancellationToken), announced);
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connections.Dispose();

    private async Task<SourceObject> FindAsync(CancellationToken cancellationToken)
    {
        using var head = await SendAsync(HttpMethod.Head, null, cancellationToken);
        if (head is { IsSuccessStatusCode: true, Content.Headers.ContentLength: { } size } && head.Headers.AcceptRanges.Contains("bytes"))
            return Describe(head, size, hasRanges: true);

        // Not every server that gives parts says so, not every one answers HEAD, and some mistake the length there: one byte tells.
        using var probe = await SendAsync(HttpMethod.Get, new RangeHeaderValue(0, 0), cancellationToken);
        if (probe.StatusCode == HttpStatusCode.PartialContent && probe.Content.Headers.ContentRange is { From: 0, Length: { } total })
            return Describe(probe, total, hasRanges: true);
        if (probe.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && probe.Content.Headers.ContentRange is { Length: 0 })
            return Describe(head.IsSuccessStatusCode ? head : probe, 0, hasRanges: false);
        return probe.IsSuccessStatusCode
            ? Describe(probe, probe.Content.Headers.ContentLength, hasRanges: false)
            : throw WebFailures.Of(probe, _name, wasListed: false, _connections.RetryAfter(probe));
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, RangeHeaderValue? range, CancellationToken cancellationToken)
    {
        using var request = CreateRequest(method, range);
        return await _connections.SendAsync(request, cancellationToken);
    }

    private HttpRequestMessage CreateRequest(HttpMethod method, RangeHeaderValue? range)
    {
        var request = new HttpRequestMessage(method, _address);
        request.Headers.Range = range;
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
        return request;
    }

    private SourceObject Describe(HttpResponseMessage answer, long? size, bool hasRanges) => new()
    {
        Key = _key,
        RelativePath = _key[(_key.LastIndexOf('/') + 1)..],
        Size = size,
        Version = VersionOf(answer),
        LastModified = answer.Content.Headers.LastModified,
        HasRanges = hasRanges,
    };

    /// <summary>A strong ETag, or else the time of change, or else a weak ETag.</summary>
    private static string? VersionOf(HttpResponseMessage answer)
    {
        var etag = answer.Headers.NonValidated.TryGetValues("ETag", out var values) ? values.ToString() : null;
        if (etag is ['"', ..])
            return etag;
        return answer.Content.Headers.NonValidated.TryGetValues("Last-Modified", out var changed) ? changed.ToString() : etag;
    }
}
