using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;
using k8s.Models;
using Kiban.Kubernetes.Client;
using KubernetesException = Kiban.Kubernetes.Client.KubernetesException;

namespace Kiban.Kubernetes.Discovery;

/// <summary>
/// Finds out what the server can do by letting it do it, without storing anything: a feature is switched on or off by whoever runs the
/// server, whatever its release. Where asking is forbidden, the release decides. Answers are kept for ten minutes.
/// </summary>
/// <param name="client">The server.</param>
/// <param name="discovery">What it serves.</param>
/// <param name="time">Clock of the answers' life.</param>
/// <param name="probeNamespace">Namespace in which a Pod may be created, as a dry run, to see which fields are kept; null: the release decides about Pods.</param>
public sealed class ServerCapabilities(IKubernetesClient client, DiscoveryClient discovery, TimeProvider time, string? probeNamespace = null)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<ServerCapability, CachedAnswer<bool>> _answers = new();

    /// <summary>Whether the server can do it.</summary>
    /// <exception cref="KubernetesException">The server could not be asked.</exception>
    public Task<bool> HasAsync(ServerCapability capability, CancellationToken cancellationToken) =>
        _answers.GetOrAdd(capability, _ => new CachedAnswer<bool>(time, Lifetime)).GetAsync(token => AskAsync(capability, token), cancellationToken);

    /// <summary>The next question is asked of the server.</summary>
    public void Forget()
    {
        _answers.Clear();
        discovery.Forget();
    }

    private Task<bool> AskAsync(ServerCapability capability, CancellationToken cancellationToken) => capability switch
    {
        ServerCapability.EventsV1 => discovery.IsServedAsync(new ResourceKind("events.k8s.io", "v1", "Event", "events"), cancellationToken),
        ServerCapability.WatchList => AskForInitialEventsAsync(cancellationToken),
        ServerCapability.SchedulingGates => AskWithPodAsync(
            spec => spec["schedulingGates"] = new JsonArray(new JsonObject { ["name"] = "kiban.dev/probe" }),
            spec => spec["schedulingGates"] is JsonArray { Count: 1 },
            version => version.IsAtLeast(1, 27),
            cancellationToken),
        ServerCapability.SidecarContainers => AskWithPodAsync(
            spec => spec["initContainers"] = new JsonArray(ProbeContainer("sidecar", "Always")),
            spec => (string?)spec["initContainers"]?[0]?["restartPolicy"] == "Always",
            version => version.IsAtLeast(1, 29),
            cancellationToken),
        ServerCapability.EphemeralVolumes => AskWithPodAsync(
            spec => spec["volumes"] = new JsonArray(ProbeVolume("probe")),
            spec => spec["volumes"] is JsonArray volumes && volumes.Any(volume => volume?["ephemeral"] is not null),
            version => version.IsAtLeast(1, 21),
            cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(capability), capability, null),
    };

    /// <summary>On, off, on again: the releases that have WatchList by default are no row without gaps, so only the server's answer tells.</summary>
    private async Task<bool> AskForInitialEventsAsync(CancellationToken cancellationToken)
    {
        try
        {
            var options = new WatchOptions { SendInitialEvents = true, FieldSelector = "metadata.name=default", Timeout = TimeSpan.FromSeconds(1) };
            await using var events = client.WatchAsync<V1Namespace>(null, options, cancellationToken).GetAsyncEnumerator(cancellationToken);
            await events.MoveNextAsync();
            return true;
        }
        catch (KubernetesException e) when (e.Code is HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest or HttpStatusCode.Forbidden)
        {
            return false;
        }
    }

    private async Task<bool> AskWithPodAsync(Action<JsonObject> use, Func<JsonNode, bool> isKept, Func<ServerVersion, bool> isInRelease, CancellationToken cancellationToken)
    {
        if (probeNamespace is not null)
        {
            // As the restricted Pod security standard wants it, which probably holds there.
            var spec = new JsonObject
            {
                ["securityContext"] = new JsonObject { ["runAsNonRoot"] = true, ["seccompProfile"] = new JsonObject { ["type"] = "RuntimeDefault" } },
                ["containers"] = new JsonArray(ProbeContainer("probe", restartPolicy: null)),
            };
            use(spec);
            var pod = new JsonObject
            {
                ["apiVersion"] = "v1",
                ["kind"] = "Pod",
                ["metadata"] = new JsonObject { ["name"] = "kiban-capability-probe", ["namespace"] = probeNamespace },
                ["spec"] = spec,
            };
            try
            {
                var path = new ResourceKind("", "v1", "Pod", "pods").Path(probeNamespace, "kiban-capability-probe");
                var answer = await client.SendAsync(
                    HttpMethod.Patch, $"{path}?fieldManager=kiban-probe&force=true&dryRun=All", pod, ObjectPatch.ApplyContentType, cancellationToken);
                return answer?["spec"] is { } kept && isKept(kept);
            }
            catch (KubernetesException e) when (IsUnknownField(e))
            {
                return false;
            }
            catch (KubernetesException e) when (e.Code is HttpStatusCode.Forbidden or HttpStatusCode.NotFound)
            {
                // Not allowed to ask, or not there: the release decides.
            }
        }

        return isInRelease(await discovery.GetVersionAsync(cancellationToken));
    }

    private static JsonObject ProbeContainer(string name, string? restartPolicy)
    {
        var container = new JsonObject
        {
            ["name"] = name,
            ["image"] = "probe.invalid/probe",
            ["securityContext"] = new JsonObject
            {
                ["allowPrivilegeEscalation"] = false,
                ["capabilities"] = new JsonObject { ["drop"] = new JsonArray("ALL") },
            },
        };
        if (restartPolicy is not null)
            container["restartPolicy"] = restartPolicy;
        return container;
    }

    private static JsonObject ProbeVolume(string name) => new()
    {
        ["name"] = name,
        ["ephemeral"] = new JsonObject
        {
            ["volumeClaimTemplate"] = new JsonObject
            {
                ["spec"] = new JsonObject
                {
                    ["accessModes"] = new JsonArray("ReadWriteOnce"),
                    ["resources"] = new JsonObject { ["requests"] = new JsonObject { ["storage"] = "1Mi" } },
                },
            },
        },
    };

    /// <summary>
    /// Server-side apply of a field that the server's schema lacks: 500 up to 1.2x, 400 where fields are validated strictly. A volume whose source is
    /// switched off has none left, which is an invalid one.
    /// </summary>
    private static bool IsUnknownField(KubernetesException refusal) =>
        refusal.Code is HttpStatusCode.InternalServerError or HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity
        && refusal.Status?.Message is { } message
        && (message.Contains("not declared in schema", StringComparison.Ordinal) || message.Contains("unknown field", StringComparison.Ordinal)
            || message.Contains("must specify a volume type", StringComparison.Ordinal));
}
