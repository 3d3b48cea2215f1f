using Kiban.Loader.Stores.Connections;
using Kiban.Loader.Stores.Listing;
using Kiban.Sources;

namespace Kiban.Loader.Stores.S3;

/// <summary>Part of an S3 bucket.</summary>
internal sealed class S3Store : IObjectStore
{
    private readonly SourceUri _source;
    private readonly StoreConnections _connections;
    private readonly S3Client _client;
    private readonly S3Pages _pages;

    public S3Store(SourceUri source, IAwsSettingsSource settings, StoreOptions options)
    {
        _source = source;
        _connections = new StoreConnections(options, followsRedirects: false);
        _client = new S3Client(source.Container, settings, options, _connections);
        _pages = new S3Pages(source.Container, _client);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<IReadOnlyList<SourceObject>> ListAsync(CancellationToken cancellationToken) =>
        new TreeListing(_pages, _source).ListAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<RangeBody> OpenRangeAsync(SourceObject source, long offset, long length, CancellationToken cancellationToken)
    {
        if (source.Size == 0)
            return new RangeBody(Stream.Null, 0);

        // A request for the whole is one that checksums come with.
        var isRange = offset != 0 || length != source.Size;
        var request = new S3Request(HttpMethod.Get, source.Key)
        {
            Range = isRange ? (offset, length) : null,
            IfMatch = source.Version,
            WantsChecksums = !isRange,
        };
        var answer = await _client.SendAsync(request, cancellationToken);
        try
        {
            var name = _client.NameOf(source.Key);
            RangeAnswer.CheckETag(answer, source, name);
            var announced = RangeAnswer.Check(answer, source, name, offset, length, isRange);
            return new RangeBody(await answer.Content.ReadAsStreamAsync(cancellationToken), announced) { Checksums = S3Checksums.Of(answer) };
        }
        catch
        {
            answer.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public async Task<ObjectChecksums> DescribeAsync(SourceObject source, CancellationToken cancellationToken)
    {
        try
        {
            return await HeadAsync(source, cancellationToken);
        }
        catch (StoreException e) when (source.Size > 0 && e.Failure is StoreFailure.Unsupported or StoreFailure.AccessDenied)
        {
            // A refusal of HEAD has no body, so that an expired token looks like any other fault: a byte of the object shows which it is.
            using (await OpenRangeAsync(source, 0, 1, cancellationToken))
            {
            }

            return await HeadAsync(source, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connections.Dispose();

    private async Task<ObjectChecksums> HeadAsync(SourceObject source, CancellationToken cancellationToken)
    {
        var request = new S3Request(HttpMethod.Head, source.Key) { IfMatch = source.Version, WantsChecksums = true };
        using var answer = await _client.SendAsync(request, cancellationToken);
        RangeAnswer.CheckETag(answer, source, _client.NameOf(source.Key));
        return S3Checksums.Of(answer);
    }
}
