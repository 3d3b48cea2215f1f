using System.Text.Json.Nodes;
using k8s.Models;
using Kiban.Datasets.Api;
using Kiban.Datasets.Loading;
using Kiban.Kubernetes.Client;

namespace Kiban.Datasets.Controllers;

/// <summary>
/// Finds out why a Job has no Pod. The Job controller tells it by an event only (<c>FailedCreate</c>), in every release.
/// </summary>
internal sealed class PodRefusals(IKubernetesClient client)
{
    private static readonly string[] AboutQuota = ["exceeded quota", "failed quota", "limits.", "usage per Container", "usage per Pod", "LimitRange"];

    /// <summary>What the newest such event says; null where there is none.</summary>
    public async Task<LoadStatus?> FindAsync(V1Job job, CancellationToken cancellationToken)
    {
        var selector = Uri.EscapeDataString($"involvedObject.uid={job.Metadata.Uid},reason=FailedCreate");
        var path = ResourceKind.Of<Corev1Event>().Path(job.Metadata.NamespaceProperty);
        var answer = await client.SendAsync(HttpMethod.Get, $"{path}?fieldSelector={selector}", null, "application/json", cancellationToken);
        var newest = (answer?["items"] as JsonArray ?? [])
            .OfType<JsonObject>()
            .MaxBy(found => found.Text("lastTimestamp") ?? found.Text("eventTime") ?? "", StringComparer.Ordinal);
        if (newest?.Text("message") is not { } message)
            return null;
        // "Error creating: pods "x" is forbidden: exceeded quota: …"
        var cause = message.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon ? message[(colon + 2)..] : message;
        var isQuota = AboutQuota.Any(word => cause.Contains(word, StringComparison.OrdinalIgnoreCase));
        return isQuota
            ? LoadStatus.Waiting(LoadReasons.QuotaExceeded, $"the namespace does not let the loader's Pod in: {cause}")
            : LoadStatus.Waiting(LoadReasons.PodRefused, $"the loader's Pod is refused: {cause}");
    }
}
