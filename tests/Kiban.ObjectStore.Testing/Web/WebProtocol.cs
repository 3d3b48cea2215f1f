using System.Globalization;
using Kiban.ObjectStore.Testing.Buckets;
using Kiban.ObjectStore.Testing.Counting;
using Kiban.ObjectStore.Testing.Faults;
using Kiban.ObjectStore.Testing.Serving;
using Microsoft.AspNetCore.Http;

namespace Kiban.ObjectStore.Testing.Web;

/// <summary>A web server of files: the first part of the path is a bucket.</summary>
internal sealed class WebProtocol(Func<string, TestBucket?> buckets, WebHabits habits, RequestCounts counts) : IStoreProtocol
{
    public ObjectRequest Parse(HttpContext context)
    {
        var target = ObjectRequest.TargetOf(context);
        var path = target.Path.TrimStart('/');
        var slash = path.IndexOf('/', StringComparison.Ordinal);
        var (bucket, key) = slash < 0 ? (path, "") : (path[..slash], path[(slash + 1)..]);
        bucket = RequestTarget.Decode(bucket);
        var operation = HttpMethods.IsHead(context.Request.Method) ? StoreOperation.Head : StoreOperation.Read;
        return new ObjectRequest(context, target, operation, bucket, RequestTarget.Decode(key)) { Bucket = buckets(bucket) };
    }

    public async Task AnswerAsync(ObjectRequest request)
    {
        if (request.Bucket?.Find(request.Key) is not { } stored)
        {
            await RefuseAsync(request, StatusCodes.Status404NotFound, "Not Found", "There is no such file.");
            return;
        }

        if (stored.IsForbidden || !request.Bucket.IsPublic)
        {
            await RefuseAsync(request, StatusCodes.Status403Forbidden, "Forbidden", "You may not.");
            return;
        }

        if (request.IsHead && !habits.ServesHead)
        {
            await RefuseAsync(request, StatusCodes.Status405MethodNotAllowed, "Method Not Allowed", "No HEAD here.");
            return;
        }

        var etag = habits.HasWeakETags ? "W/" + stored.EffectiveETag : stored.EffectiveETag;
        if (!request.Has<FaultAction.IgnoreConditions>()
            && ((request.Http.Headers.IfMatch is [{ } wanted] && (habits.HasWeakETags || wanted != etag))
                || (request.Http.GetTypedHeaders().IfUnmodifiedSince is { } since && stored.LastModified > since)))
        {
            await RefuseAsync(request, StatusCodes.Status412PreconditionFailed, "Precondition Failed", "It has changed.");
            return;
        }

        var headers = request.Response.Headers;
        if (habits.HasETags)
            headers.ETag = etag;
        if (habits.HasLastModified)
            headers.LastModified = stored.LastModified.ToString("R", CultureInfo.InvariantCulture);
        request.Response.ContentType = "application/octet-stream";
        if (habits.ServesRanges)
            headers.AcceptRanges = "bytes";
        else
            request.Faults = [.. request.Faults, new FaultAction.IgnoreRange()];
        if (habits.TellsLength)
            await ObjectBody.SendAsync(request, stored, counts);
        else
            await SendChunkedAsync(request, stored);
    }

    public async Task RefuseAsync(ObjectRequest request, int status, string code, string message)
    {
        request.Response.StatusCode = status;
        request.Response.ContentType = "text/html";
        if (!request.IsHead)
            await request.Response.WriteAsync($"<html><body><h1>{status} {code}</h1><p>{message}</p></body></html>", request.Aborted);
    }

    /// <summary>No length is told before the end.</summary>
    private async Task SendChunkedAsync(ObjectRequest request, StoredObject stored)
    {
        ObjectBody.OverrideHeaders(request);
        if (request.IsHead)
            return;
        await stored.Content.WriteAsync(
            request.Response.BodyWriter, 0, stored.Length, sent => counts.Sent(request.BucketName, request.Key, sent), request.Aborted);
    }
}
