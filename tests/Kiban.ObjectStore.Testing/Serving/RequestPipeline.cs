using Kiban.ObjectStore.Testing.Counting;
using Kiban.ObjectStore.Testing.Faults;
using Microsoft.AspNetCore.Http;

namespace Kiban.ObjectStore.Testing.Serving;

/// <summary>What happens to every request, whatever its protocol: it is counted, and what is to go wrong with it goes wrong.</summary>
internal sealed class RequestPipeline(IStoreProtocol protocol, FaultPlan faults, RequestCounts counts)
{
    public async Task ServeAsync(HttpContext context)
    {
        var request = protocol.Parse(context);
        counts.Arrived(request.Operation, request.BucketName, request.Key, () => Record(request));
        try
        {
            request.Faults = faults.Take(request.Operation, request.BucketName, request.Key);
            if (request.Faults.Count == 0 || !await IsAnsweredByFaultAsync(request))
                await protocol.AnswerAsync(request);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client is gone, or the test's server is.
        }
        finally
        {
            counts.Answered();
        }
    }

    private async Task<bool> IsAnsweredByFaultAsync(ObjectRequest request)
    {
        foreach (var action in request.Faults)
        {
            switch (action)
            {
                case FaultAction.Delay delay:
                    await Task.Delay(delay.Time, TimeProvider.System, request.Aborted);
                    break;
                case FaultAction.Change change:
                    request.Bucket?.Put(request.Key, change.Content);
                    break;
                case FaultAction.Remove:
                    request.Bucket?.Delete(request.Key);
                    break;
                case FaultAction.ResetBeforeAnswer:
                    ObjectBody.Reset(request.Context);
                    return true;
                case FaultAction.StallBeforeAnswer:
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, request.Aborted);
                    return true;
                case FaultAction.RawAnswer raw:
                    request.Response.StatusCode = raw.Status;
                    request.Response.ContentType = raw.ContentType;
                    ObjectBody.OverrideHeaders(request);
                    await request.Response.WriteAsync(raw.Body, request.Aborted);
                    return true;
                case FaultAction.Answer answer:
                    if (answer.RetryAfter is { } retryAfter)
                        request.Response.Headers.RetryAfter = retryAfter;
                    ObjectBody.OverrideHeaders(request);
                    await protocol.RefuseAsync(request, answer.Status, answer.Code, answer.Message);
                    return true;
            }
        }

        return false;
    }

    private static RecordedRequest Record(ObjectRequest request) => new()
    {
        Operation = request.Operation,
        Method = request.Http.Method,
        Host = request.Http.Host.Value ?? "",
        Target = request.Target.Query.Count == 0
            ? request.Target.Path
            : $"{request.Target.Path}?{string.Join('&', request.Target.Query.Select(part => $"{part.Name}={part.Value}"))}",
        Bucket = request.BucketName,
        Key = request.Key,
        Headers = request.Http.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
    };
}
