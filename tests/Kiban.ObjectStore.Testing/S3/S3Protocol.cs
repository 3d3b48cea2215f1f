using System.Buffers.Binary;
using System.Globalization;
using System.Security;
using System.Text;
using Kiban.ObjectStore.Testing.Buckets;
using Kiban.ObjectStore.Testing.Counting;
using Kiban.ObjectStore.Testing.Faults;
using Kiban.ObjectStore.Testing.Serving;
using Microsoft.AspNetCore.Http;

namespace Kiban.ObjectStore.Testing.S3;

/// <summary>The reading half of S3's REST API (<see href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations.html"/>).</summary>
internal sealed class S3Protocol(
    Func<string, TestBucket?> buckets,
    SignatureCheck signatures,
    TestObjectStoreOptions options,
    RequestCounts counts) : IStoreProtocol
{
    public ObjectRequest Parse(HttpContext context)
    {
        var target = ObjectRequest.TargetOf(context);
        var path = target.Path.TrimStart('/');
        var bucket = BucketOfHost(context.Request.Host.Host);
        var key = path;
        if (bucket is null)
        {
            var slash = path.IndexOf('/', StringComparison.Ordinal);
            (bucket, key) = slash < 0 ? (path, "") : (path[..slash], path[(slash + 1)..]);
        }

        bucket = RequestTarget.Decode(bucket);
        var operation = key.Length == 0
            ? HttpMethods.IsHead(context.Request.Method) ? StoreOperation.Head : StoreOperation.List
            : HttpMethods.IsHead(context.Request.Method) ? StoreOperation.Head : StoreOperation.Read;
        return new ObjectRequest(context, target, operation, bucket, RequestTarget.Decode(key)) { Bucket = buckets(bucket) };
    }

    public async Task AnswerAsync(ObjectRequest request)
    {
        if (options.IsPathStyleOnly && BucketOfHost(request.Http.Host.Host) is not null)
            await RefuseAsync(request, StatusCodes.Status404NotFound, "NoSuchBucket", "This server knows path style only.");
        else if (request.Bucket is not { } bucket)
            await RefuseAsync(request, StatusCodes.Status404NotFound, "NoSuchBucket", "The specified bucket does not exist");
        else if (await IsAdmittedAsync(request, bucket))
            await (request.Key.Length > 0 ? AnswerObjectAsync(request, bucket) : AnswerBucketAsync(request, bucket));
    }

    public async Task RefuseAsync(ObjectRequest request, int status, string code, string message)
    {
        request.Response.StatusCode = status;
        request.Response.Headers["x-amz-request-id"] = request.Context.TraceIdentifier;
        if (request.Bucket is not null && status is 301 or 400 or 403 && code is "PermanentRedirect" or "AuthorizationHeaderMalformed")
            request.Response.Headers["x-amz-bucket-region"] = request.Bucket!.Region;
        if (request.IsHead || status is 304)
            return;
        request.Response.ContentType = "application/xml";
        var text = $"""
                    <?xml version="1.0" encoding="UTF-8"?>
                    <Error><Code>{SecurityElement.Escape(code)}</Code><Message>{SecurityElement.Escape(message)}</Message><Resource>/{SecurityElement.Escape(request.BucketName)}</Resource></Error>
                    """;
        await request.Response.WriteAsync(text, request.Aborted);
    }

    private async Task<bool> IsAdmittedAsync(ObjectRequest request, TestBucket bucket)
    {
        if (request.Http.Headers.Authorization.Count == 0)
        {
            if (bucket.IsPublic)
                return true;
            await RefuseAsync(request, StatusCodes.Status403Forbidden, "AccessDenied", "Access Denied");
            return false;
        }

        if (options.RedirectsToRegion && !request.Http.Headers.Authorization.ToString().Contains($"/{bucket.Region}/s3/", StringComparison.Ordinal))
        {
            await RefuseAsync(request, StatusCodes.Status301MovedPermanently, "PermanentRedirect", "The bucket you are attempting to access must be addressed using the specified endpoint.");
            return false;
        }

        if (signatures.Check(request, bucket.Region) is not { } fault)
            return true;
        await RefuseAsync(request, fault.Status, fault.Code, fault.Message);
        return false;
    }

    private async Task AnswerBucketAsync(ObjectRequest request, TestBucket bucket)
    {
        var target = request.Target;
        if (request.IsHead)
        {
            request.Response.Headers["x-amz-bucket-region"] = bucket.Region;
            return;
        }

        if (target.Value("location") is not null)
        {
            request.Response.ContentType = "application/xml";
            await request.Response.WriteAsync($"""<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">{bucket.Region}</LocationConstraint>""", request.Aborted);
            return;
        }

        var isVersion2 = target.Value("list-type") == "2" && !bucket.Listing.OverlooksVersion2;
        if ((isVersion2 && !bucket.Listing.ServesVersion2) || (bucket.Listing.RefusesRollUp && target.Value("delimiter") is { Length: > 0 }))
        {
            await RefuseAsync(request, StatusCodes.Status501NotImplemented, "NotImplemented", "A parameter you provided implies functionality that is not implemented.");
            return;
        }

        var page = BucketListing.Page(
            bucket,
            target.Value("prefix") ?? "",
            target.Value("delimiter") ?? "",
            isVersion2 ? target.Value("continuation-token") ?? "" : "",
            target.Value(isVersion2 ? "start-after" : "marker") ?? "",
            int.Parse(target.Value("max-keys") ?? "1000", CultureInfo.InvariantCulture));
        request.Response.ContentType = "application/xml";
        ObjectBody.OverrideHeaders(request);
        await request.Response.WriteAsync(ListingText(request, bucket, page, isVersion2), request.Aborted);
    }

    private static string ListingText(ObjectRequest request, TestBucket bucket, ListingPage page, bool isVersion2)
    {
        var encodes = bucket.Listing.EncodesKeys && request.Target.Value("encoding-type") == "url";
        var text = new StringBuilder("""<?xml version="1.0" encoding="UTF-8"?>""").Append('\n')
            .Append("""<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">""");
        Element("Name", bucket.Name);
        Element("Prefix", Key(request.Target.Value("prefix") ?? ""));
        Element("IsTruncated", page.Token is null ? "false" : "true");
        if (encodes)
            Element("EncodingType", "url");
        if (isVersion2)
            Element("KeyCount", $"{page.Objects.Count + page.Prefixes.Count}");
        if (isVersion2 && page.Token is not null)
            Element("NextContinuationToken", page.Token);

        // Version 1 tells it only where there is a delimiter; clients go on after the last key otherwise.
        if (!isVersion2 && page.Token is not null && request.Target.Value("delimiter") is { Length: > 0 })
            Element("NextMarker", Key(page.LastKey));
        foreach (var stored in page.Objects)
        {
            text.Append("<Contents>");
            Element("Key", Key(stored.Key));
            Element("LastModified", stored.LastModified.ToString("yyyy-MM-dd'T'HH:mm:ss'.000Z'", CultureInfo.InvariantCulture));
            Element("ETag", stored.EffectiveETag);
            if (stored.HasCrc32C)
                Element("ChecksumAlgorithm", "CRC32C");
            if (stored.HasCrc64Nvme)
                Element("ChecksumAlgorithm", "CRC64NVME");
            if (stored.HasCrc32C || stored.HasCrc64Nvme)
                Element("ChecksumType", ChecksumType(stored));
            Element("Size", stored.Length.ToString(CultureInfo.InvariantCulture));
            Element("StorageClass", stored.StorageClass);
            text.Append("</Contents>");
        }

        foreach (var prefix in page.Prefixes)
        {
            text.Append("<CommonPrefixes>");
            Element("Prefix", Key(prefix));
            text.Append("</CommonPrefixes>");
        }

        return text.Append("</ListBucketResult>").ToString();

        void Element(string name, string value) => text.Append('<').Append(name).Append('>').Append(SecurityElement.Escape(value)).Append("</").Append(name).Append('>');

        string Key(string key) => encodes ? Uri.EscapeDataString(key).Replace("%20", "+", StringComparison.Ordinal).Replace("%2F", "/", StringComparison.Ordinal) : key;
    }

    private async Task AnswerObjectAsync(ObjectRequest request, TestBucket bucket)
    {
        if (bucket.Find(request.Key) is not { } stored)
        {
            await RefuseAsync(request, StatusCodes.Status404NotFound, "NoSuchKey", "The specified key does not exist.");
            return;
        }

        if (stored.IsForbidden)
        {
            await RefuseAsync(request, StatusCodes.Status403Forbidden, "AccessDenied", "Access Denied");
            return;
        }

        if (stored.NeedsCustomerKey && request.Http.Headers["x-amz-server-side-encryption-customer-key"].Count == 0)
        {
            await RefuseAsync(request, StatusCodes.Status400BadRequest, "InvalidRequest",
                "The object was stored using a form of Server Side Encryption. The correct parameters must be provided to retrieve the object.");
            return;
        }

        if (stored.IsArchived && !request.IsHead)
        {
            await RefuseAsync(request, StatusCodes.Status403Forbidden, "InvalidObjectState", "The operation is not valid for the object's storage class");
            return;
        }

        if (!request.Has<FaultAction.IgnoreConditions>() && FailsCondition(request, stored))
        {
            await RefuseAsync(request, StatusCodes.Status412PreconditionFailed, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold");
            return;
        }

        SetHeaders(request, stored);
        await ObjectBody.SendAsync(request, stored, counts);
    }

    private static bool FailsCondition(ObjectRequest request, StoredObject stored) =>
        (request.Http.Headers.IfMatch is [{ } wanted] && wanted != stored.EffectiveETag)
        || (request.Http.GetTypedHeaders().IfUnmodifiedSince is { } since && stored.LastModified > since);

    private static void SetHeaders(ObjectRequest request, StoredObject stored)
    {
        var headers = request.Response.Headers;
        headers.ETag = stored.EffectiveETag;
        headers.LastModified = stored.LastModified.ToString("R", CultureInfo.InvariantCulture);
        headers.AcceptRanges = "bytes";
        request.Response.ContentType = "application/octet-stream";
        if (stored.ContentEncoding is not null)
            headers.ContentEncoding = stored.ContentEncoding;
        if (stored.StorageClass != "STANDARD")
            headers["x-amz-storage-class"] = stored.StorageClass;
        if (stored.IsKmsEncrypted)
            headers["x-amz-server-side-encryption"] = "aws:kms";

        // S3 gives checksums of the whole object, so not with a range of it.
        if (request.Http.Headers["x-amz-checksum-mode"] != "ENABLED" || request.Http.Headers.Range.Count > 0)
            return;
        if (stored.HasCrc32C)
            headers["x-amz-checksum-crc32c"] = Base64(stored.Content.Crc32C, sizeof(uint)) + (stored.HasCompositeChecksum ? "-7" : "");
        if (stored.HasCrc64Nvme)
            headers["x-amz-checksum-crc64nvme"] = Base64(stored.Content.Crc64Nvme, sizeof(ulong));
        if (stored.HasCrc32C || stored.HasCrc64Nvme)
            headers["x-amz-checksum-type"] = ChecksumType(stored);
    }

    private static string ChecksumType(StoredObject stored) => stored.HasCompositeChecksum ? "COMPOSITE" : "FULL_OBJECT";

    private static string Base64(ulong value, int size)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, value);
        return Convert.ToBase64String(bytes[^size..]);
    }

    /// <summary>The bucket of a virtual-hosted request: what stands before <c>.s3.</c> or <c>.s3-</c>.</summary>
    private static string? BucketOfHost(string host)
    {
        var mark = host.IndexOf(".s3.", StringComparison.Ordinal);
        if (mark < 0)
            mark = host.IndexOf(".s3-", StringComparison.Ordinal);
        return mark > 0 ? host[..mark] : null;
    }
}
