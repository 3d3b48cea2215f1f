using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text.Json.Nodes;
using Kiban.ObjectStore.Testing.Buckets;
using Kiban.ObjectStore.Testing.Contents;
using Kiban.ObjectStore.Testing.Counting;
using Kiban.ObjectStore.Testing.Faults;
using Kiban.ObjectStore.Testing.Serving;
using Microsoft.AspNetCore.Http;

namespace Kiban.ObjectStore.Testing.Google;

/// <summary>
/// The reading half of Google Cloud Storage's JSON API (<see href="https://cloud.google.com/storage/docs/json_api/v1"/>), and the token
/// endpoints that go with it.
/// </summary>
internal sealed class GoogleProtocol(Func<string, TestBucket?> buckets, GoogleTokens tokens, RequestCounts counts) : IStoreProtocol
{
    public ObjectRequest Parse(HttpContext context)
    {
        var target = ObjectRequest.TargetOf(context);
        var parts = target.Path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts is ["download", ..])
            parts = parts[1..];
        return parts switch
        {
            ["storage", "v1", "b", var name, "o"] => Bucketed(StoreOperation.List, name, ""),
            ["storage", "v1", "b", var name, "o", var key] =>
                Bucketed(target.Value("alt") == "media" ? StoreOperation.Read : StoreOperation.Head, name, key),
            ["storage", "v1", "b", var name] => Bucketed(StoreOperation.Head, name, ""),
            _ => new ObjectRequest(context, target, StoreOperation.Token, "", ""),
        };

        ObjectRequest Bucketed(StoreOperation operation, string name, string key)
        {
            name = RequestTarget.Decode(name);
            return new ObjectRequest(context, target, operation, name, RequestTarget.Decode(key)) { Bucket = buckets(name) };
        }
    }

    public async Task AnswerAsync(ObjectRequest request)
    {
        if (request.Operation == StoreOperation.Token)
        {
            await AnswerTokenAsync(request);
            return;
        }

        var authorization = request.Http.Headers.Authorization.ToString();
        var isKnown = authorization.StartsWith("Bearer ", StringComparison.Ordinal) && tokens.IsGood(authorization["Bearer ".Length..]);
        if (authorization.Length > 0 && !isKnown)
            await RefuseAsync(request, StatusCodes.Status401Unauthorized, "authError", "Invalid Credentials");
        else if (request.Bucket is not { } bucket)
            await RefuseAsync(request, StatusCodes.Status404NotFound, "notFound", "The specified bucket does not exist.");
        else if (!isKnown && !bucket.IsPublic)
            await RefuseAsync(request, StatusCodes.Status401Unauthorized, "required", "Anonymous caller does not have storage.objects.list access.");
        else if (bucket.IsRequesterPays && request.Target.Value("userProject") is null)
            await RefuseAsync(request, StatusCodes.Status400BadRequest, "required", "Bucket is a requester pays bucket but no user project provided.");
        else if (request.Operation == StoreOperation.List)
            await AnswerListAsync(request, bucket);
        else if (request.Key.Length == 0)
            await WriteAsync(request, new JsonObject { ["kind"] = "storage#bucket", ["name"] = bucket.Name });
        else
            await AnswerObjectAsync(request, bucket);
    }

    public Task RefuseAsync(ObjectRequest request, int status, string code, string message)
    {
        request.Response.StatusCode = status;
        return WriteAsync(request, request.Operation == StoreOperation.Token
            ? new JsonObject { ["error"] = code, ["error_description"] = message }
            : new JsonObject
            {
                ["error"] = new JsonObject
                {
                    ["code"] = status,
                    ["message"] = message,
                    ["errors"] = new JsonArray(new JsonObject { ["message"] = message, ["domain"] = "global", ["reason"] = code }),
                },
            });
    }

    private async Task AnswerTokenAsync(ObjectRequest request)
    {
        if (request.Target.Path.EndsWith(":generateAccessToken", StringComparison.Ordinal))
        {
            var bearer = request.Http.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
            await (tokens.IsGood(bearer)
                ? WriteAsync(request, tokens.Impersonate())
                : RefuseAsync(request, StatusCodes.Status403Forbidden, "PERMISSION_DENIED", "Permission 'iam.serviceAccounts.getAccessToken' denied."));
            return;
        }

        if (!request.Http.HasFormContentType)
        {
            await RefuseAsync(request, StatusCodes.Status404NotFound, "not_found", "Not Found");
            return;
        }

        var form = await request.Http.ReadFormAsync(request.Aborted);
        var answer = form["grant_type"].ToString() switch
        {
            "urn:ietf:params:oauth:grant-type:jwt-bearer" => tokens.Assert(form["assertion"].ToString()),
            "urn:ietf:params:oauth:grant-type:token-exchange" => tokens.Exchange(form["audience"].ToString(), form["subject_token"].ToString()),
            "refresh_token" => tokens.Refresh(form["refresh_token"].ToString(), form["client_secret"].ToString()),
            _ => null,
        };
        await (answer is not null
            ? WriteAsync(request, answer)
            : RefuseAsync(request, StatusCodes.Status400BadRequest, "invalid_grant", "Invalid JWT Signature."));
    }

    private static Task AnswerListAsync(ObjectRequest request, TestBucket bucket)
    {
        var page = BucketListing.Page(
            bucket,
            request.Target.Value("prefix") ?? "",
            request.Target.Value("delimiter") ?? "",
            request.Target.Value("pageToken") ?? "",
            "",
            int.Parse(request.Target.Value("maxResults") ?? "1000", CultureInfo.InvariantCulture),
            request.Target.Value("startOffset") ?? "");
        var answer = new JsonObject { ["kind"] = "storage#objects" };
        if (page.Token is not null)
            answer["nextPageToken"] = page.Token;
        if (page.Prefixes.Count > 0)
            answer["prefixes"] = new JsonArray([.. page.Prefixes.Select(prefix => JsonValue.Create(prefix))]);
        if (page.Objects.Count > 0)
            answer["items"] = new JsonArray([.. page.Objects.Select(stored => Describe(stored, bucket))]);
        return WriteAsync(request, answer);
    }

    private async Task AnswerObjectAsync(ObjectRequest request, TestBucket bucket)
    {
        var wantedGeneration = request.Target.Value("generation");
        if (bucket.Find(request.Key) is not { } stored || (wantedGeneration is not null && wantedGeneration != Text(stored.Generation) && !request.Has<FaultAction.IgnoreConditions>()))
        {
            await RefuseAsync(request, StatusCodes.Status404NotFound, "notFound", $"No such object: {request.BucketName}/{request.Key}");
            return;
        }

        if (stored.IsForbidden)
        {
            await RefuseAsync(request, StatusCodes.Status403Forbidden, "forbidden", "The caller does not have storage.objects.get access.");
            return;
        }

        if (request.Target.Value("ifGenerationMatch") is { } match && match != Text(stored.Generation) && !request.Has<FaultAction.IgnoreConditions>())
        {
            await RefuseAsync(request, StatusCodes.Status412PreconditionFailed, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");
            return;
        }

        if (request.Operation == StoreOperation.Head)
        {
            await WriteAsync(request, Describe(stored, bucket));
            return;
        }

        var headers = request.Response.Headers;
        headers.ETag = stored.EffectiveETag;
        headers.LastModified = stored.LastModified.ToString("R", CultureInfo.InvariantCulture);
        headers["x-goog-generation"] = Text(stored.Generation);
        headers["x-goog-stored-content-length"] = Text(stored.Length);
        headers["x-goog-hash"] = $"crc32c={Crc32C(stored)}" + (stored.HasMd5 ? $",md5={Md5(stored)}" : "");
        headers["x-goog-stored-content-encoding"] = stored.ContentEncoding ?? "identity";
        request.Response.ContentType = "application/octet-stream";
        if (stored.ContentEncoding == "gzip" && !request.Http.Headers.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase))
        {
            // "Decompressive transcoding": the content is unpacked on the way, and ranges are ignored.
            await ObjectBody.SendAsync(Whole(request), stored with { Content = Unpacked(stored) }, counts);
            return;
        }

        if (stored.ContentEncoding is not null)
            headers.ContentEncoding = stored.ContentEncoding;
        headers.AcceptRanges = "bytes";
        await ObjectBody.SendAsync(request, stored, counts);
    }

    private static ObjectRequest Whole(ObjectRequest request)
    {
        request.Faults = [.. request.Faults, new FaultAction.IgnoreRange()];
        return request;
    }

    private static ObjectContent Unpacked(StoredObject stored)
    {
        using var gzip = new GZipStream(new MemoryStream(stored.Content.ToArray()), CompressionMode.Decompress);
        var unpacked = new MemoryStream();
        gzip.CopyTo(unpacked);
        return ObjectContent.Of(unpacked.ToArray());
    }

    private static JsonObject Describe(StoredObject stored, TestBucket bucket)
    {
        var resource = new JsonObject
        {
            ["kind"] = "storage#object",
            ["bucket"] = bucket.Name,
            ["name"] = stored.Key,
            ["generation"] = Text(stored.Generation),
            ["metageneration"] = "1",
            ["size"] = Text(stored.Length),
            ["updated"] = stored.LastModified.ToString("yyyy-MM-dd'T'HH:mm:ss'.000Z'", CultureInfo.InvariantCulture),
            ["storageClass"] = stored.StorageClass,
            ["etag"] = $"{stored.Generation}/1",
        };
        if (stored.HasCrc32C)
            resource["crc32c"] = Crc32C(stored);
        if (stored.HasMd5)
            resource["md5Hash"] = Md5(stored);
        if (stored.IsComposite)
            resource["componentCount"] = 7;
        if (stored.ContentEncoding is not null)
            resource["contentEncoding"] = stored.ContentEncoding;
        return resource;
    }

    private static string Crc32C(StoredObject stored)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, stored.Content.Crc32C);
        return Convert.ToBase64String(bytes);
    }

    private static string Md5(StoredObject stored) => Convert.ToBase64String(Convert.FromHexString(stored.Content.Md5));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static Task WriteAsync(ObjectRequest request, JsonObject answer)
    {
        request.Response.ContentType = "application/json; charset=UTF-8";
        ObjectBody.OverrideHeaders(request);
        return request.IsHead ? Task.CompletedTask : request.Response.WriteAsync(answer.ToJsonString(), request.Aborted);
    }
}
