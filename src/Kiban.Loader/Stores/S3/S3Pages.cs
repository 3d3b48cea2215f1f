using System.Globalization;
using System.Text;
using Kiban.Loader.Stores.Listing;

namespace Kiban.Loader.Stores.S3;

/// <summary>
/// Pages of an S3 bucket. Where a server has only version 1 of listing, and refuses or overlooks that the second is asked for, the first is used from then on.
/// </summary>
internal sealed class S3Pages(string bucket, S3Client client) : IBucketPages
{
    private volatile bool _usesVersion1;

    /// <inheritdoc/>
    public async Task<BucketPage> ReadAsync(PageRequest request, CancellationToken cancellationToken)
    {
        if (!_usesVersion1)
        {
            try
            {
                return await SendAsync(request, isVersion1: false, cancellationToken);
            }
            catch (StoreException e) when (e.Failure == StoreFailure.Unsupported && request.Token is null)
            {
                // Not if version 1 is refused too: then something else is wrong, and the first refusal tells it.
                try
                {
                    var page = await SendAsync(request, isVersion1: true, cancellationToken);
                    _usesVersion1 = true;
                    return page;
                }
                catch (StoreException second) when (second.Failure == StoreFailure.Unsupported)
                {
                    throw e;
                }
            }
        }

        return await SendAsync(request, isVersion1: true, cancellationToken);
    }

    private async Task<BucketPage> SendAsync(PageRequest request, bool isVersion1, CancellationToken cancellationToken)
    {
        using var document = await client.ReadDocumentAsync(
            new S3Request(HttpMethod.Get, "") { Query = isVersion1 ? QueryOfVersion1(request) : QueryOfVersion2(request) }, cancellationToken);
        return S3Listing.Read(document, bucket, isVersion1);
    }

    // Parameters in the order of their names, as they are signed.
    private static string QueryOfVersion2(PageRequest request)
    {
        var query = new StringBuilder();
        if (request.Token is not null)
            query.Append("continuation-token=").Append(KeyEncoding.EncodeValue(request.Token)).Append('&');
        if (request.RollsUp)
            query.Append("delimiter=%2F&");
        query.Append("encoding-type=url&list-type=2");
        AppendLimitAndPrefix(query, request);
        if (request is { Token: null, After: not null })
            query.Append("&start-after=").Append(KeyEncoding.EncodeValue(request.After));
        return query.ToString();
    }

    private static string QueryOfVersion1(PageRequest request)
    {
        var query = new StringBuilder();
        if (request.RollsUp)
            query.Append("delimiter=%2F&");
        query.Append("encoding-type=url");
        if ((request.Token ?? request.After) is { } marker)
            query.Append("&marker=").Append(KeyEncoding.EncodeValue(marker));
        AppendLimitAndPrefix(query, request);
        return query.ToString();
    }

    private static void AppendLimitAndPrefix(StringBuilder query, PageRequest request)
    {
        if (request.Limit is { } limit)
            query.Append(CultureInfo.InvariantCulture, $"&max-keys={limit}");
        if (request.Prefix.Length > 0)
            query.Append("&prefix=").Append(KeyEncoding.EncodeValue(request.Prefix));
    }
}
