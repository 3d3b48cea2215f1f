using System.Net.Http.Headers;
using Kiban.Loader.Stores.Connections;
using Kiban.Loader.Stores.Listing;
using Kiban.Sources;

namespace Kiban.Loader.Stores.Google;

/// <summary>Part of a bucket of Google Cloud Storage.</summary>
internal sealed class GoogleStore : IObjectStore
{
    private readonly SourceUri _source;
    private readonly StoreConnections _connections;
    private readonly GoogleAuthorization? _authorization;
    private readonly GoogleClient _client;
    private readonly GooglePages _pages;

    /// <param name="source">What of which bucket.</param>
    /// <param name="place">The credential; null for anonymous requests.</param>
    /// <param name="options">What is the same for all stores.</param>
    public GoogleStore(SourceUri source, GoogleCredentialPlace? place, StoreOptions options)
    {
        _source = source;
        _connections = new StoreConnections(options, followsRedirects: false);
        _authorization = place is null
            ? null
            : new GoogleAuthorization(place, new TokenExchange(_connections, new GoogleHosts(options.GoogleEndpoint), options.Time), options.Time);
        _client = new GoogleClient(source.Container, options, _connections, _authorization, place);
        _pages = new GooglePages(source.Container, _client);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<IReadOnlyList<SourceObject>> ListAsync(CancellationToken cancellationToken) =>
        new TreeListing(_pages, _source).ListAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<RangeBody> OpenRangeAsync(SourceObject source, long offset, long length, CancellationToken cancellationToken)
    {
        if (source.Size == 0)
            return new RangeBody(Stream.Null, 0) { Checksums = source.Checksums };
        var isRange = offset != 0 || length != source.Size;
        var answer = await _client.SendAsync(
            source.Key,
            source.Version is { } generation ? $"alt=media&generation={generation}" : "alt=media",
            isRange ? new RangeHeaderValue(offset, offset + length - 1) : null,
            cancellationToken);
        try
        {
            var name = _client.NameOf(source.Key);
            if (Header(answer, "x-goog-generation") is { } given && source.Version is { } listed && given != listed)
                throw RangeAnswer.Changed(name, $"its generation is {given} and was listed as {listed}");
            if (answer.Content.Headers.ContentEncoding.Contains("gzip") && Header(answer, "x-goog-stored-content-encoding") == "identity")
                throw new StoreException(StoreFailure.Unavailable, $"{name} was packed on its way, which changes its size.");
            var announced = RangeAnswer.Check(answer, source, name, offset, length, isRange);
            return new RangeBody(await answer.Content.ReadAsStreamAsync(cancellationToken), announced) { Checksums = source.Checksums };
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _authorization?.Dispose();
        _connections.Dispose();
    }

    private static string? Header(HttpResponseMessage answer, string name) =>
        answer.Headers.NonValidated.TryGetValues(name, out var values) ? values.ToString() : null;
}
