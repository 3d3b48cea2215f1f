using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Kiban.Loader.Stores.Listing;

namespace Kiban.Loader.Stores.Google;

/// <summary>Pages of a bucket of Google Cloud Storage.</summary>
internal sealed class GooglePages(string bucket, GoogleClient client) : IBucketPages
{
    /// <inheritdoc/>
    public async Task<BucketPage> ReadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        using var document = await client.ReadDocumentAsync(QueryOf(request), cancellationToken);
        try
        {
            var page = JsonSerializer.Deserialize(document, GoogleJson.Default.ObjectsPage) ?? new ObjectsPage();
            return new BucketPage([.. (page.Items ?? []).Select(Describe)], page.Prefixes ?? [], string.IsNullOrEmpty(page.NextPageToken) ? null : page.NextPageToken);
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw new StoreException(StoreFailure.Unavailable, $"A listing of gs://{bucket}/ came that cannot be read.", inner: e);
        }
    }

    private static string QueryOf(PageRequest request)
    {
        var query = new StringBuilder("fields=nextPageToken%2Cprefixes%2Citems(name%2Csize%2Cgeneration%2Cupdated%2Ccrc32c%2Cmd5Hash)");
        query.Append(CultureInfo.InvariantCulture, $"&maxResults={request.Limit ?? 1000}");
        if (request.Prefix.Length > 0)
            query.Append("&prefix=").Append(KeyEncoding.EncodeValue(request.Prefix));
        if (request.RollsUp)
            query.Append("&delimiter=%2F");
        if (request.After is not null)
            query.Append("&startOffset=").Append(KeyEncoding.EncodeValue(request.After));
        if (request.Token is not null)
            query.Append("&pageToken=").Append(KeyEncoding.EncodeValue(request.Token));
        return query.ToString();
    }

    private static SourceObject Describe(ObjectResource resource) => new()
    {
        Key = resource.Name,
        RelativePath = resource.Name,
        Size = resource.Size,
        Version = resource.Generation,
        LastModified = resource.Updated,
        Checksums = new ObjectChecksums
        {
            Crc32C = resource.Crc32C is { } crc ? BinaryPrimitives.ReadUInt32BigEndian(Convert.FromBase64String(crc)) : null,
            Md5 = resource.Md5Hash is { } md5 ? Convert.ToHexStringLower(Convert.FromBase64String(md5)) : null,
        },
    };
}
