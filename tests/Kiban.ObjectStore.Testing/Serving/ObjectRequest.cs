using Kiban.ObjectStore.Testing.Buckets;
using Kiban.ObjectStore.Testing.Faults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Kiban.ObjectStore.Testing.Serving;

/// <summary>A request that a protocol has understood, with what goes wrong with it.</summary>
internal sealed class ObjectRequest(HttpContext context, RequestTarget target, StoreOperation operation, string bucketName, string key)
{
    public HttpContext Context => context;

    public HttpRequest Http => context.Request;

    public HttpResponse Response => context.Response;

    public RequestTarget Target => target;

    public StoreOperation Operation => operation;

    public string BucketName => bucketName;

    public string Key => key;

    public TestBucket? Bucket { get; init; }

    public IReadOnlyList<FaultAction> Faults { get; set; } = [];

    public CancellationToken Aborted => context.RequestAborted;

    public bool IsHead => HttpMethods.IsHead(Http.Method);

    public T? Fault<T>()
        where T : FaultAction => Faults.OfType<T>().FirstOrDefault();

    public bool Has<T>()
        where T : FaultAction => Faults.Count > 0 && Fault<T>() is not null;

    public static RequestTarget TargetOf(HttpContext context) =>
        RequestTarget.Parse(context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget);
}
