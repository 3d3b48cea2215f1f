using System.Reflection;
using System.Runtime.InteropServices;
using System.Threading.RateLimiting;
using Kiban.Kubernetes.Observability;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kiban.Kubernetes.Client;

/// <summary>How a <see cref="KubernetesClient"/> behaves.</summary>
public sealed record KubernetesClientOptions
{
    /// <summary>
    /// Value of the <c>User-Agent</c> header. The part before the first slash is also the field manager of writes that name none.
    /// </summary>
    public string UserAgent { get; init; } = DefaultUserAgent();

    /// <summary>Time for one request that is no watch, retries and their waits excluded. A slower one fails with <see cref="TimeoutException"/>.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long after <see cref="WatchOptions.Timeout"/> a stream that the server should have ended is ended here.</summary>
    public TimeSpan WatchGracePeriod { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>When requests are sent again.</summary>
    public RetryOptions Retries { get; init; } = new();

    /// <summary>Limits requests on this side; one permit a request. Null: the server's own flow control is enough.</summary>
    public RateLimiter? RateLimiter { get; init; }

    /// <summary>Clock of time-outs and retries.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where requests are counted; null: nowhere.</summary>
    public RestClientMetrics? Metrics { get; init; }

    /// <summary>Log of retries.</summary>
    public ILogger<KubernetesClient> Logger { get; init; } = NullLogger<KubernetesClient>.Instance;

    private static string DefaultUserAgent()
    {
        var program = Assembly.GetEntryAssembly()?.GetName() ?? typeof(KubernetesClient).Assembly.GetName();
        var name = program.Name?.ToLowerInvariant().Replace('.', '-') ?? "kiban";
        return $"{name}/{program.Version?.ToString(3) ?? "0.0.0"} ({OperatingSystemName()}/{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()})";
    }

    private static string OperatingSystemName() =>
        OperatingSystem.IsLinux() ? "linux" : OperatingSystem.IsMacOS() ? "darwin" : OperatingSystem.IsWindows() ? "windows" : "other";
}
