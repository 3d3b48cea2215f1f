using System.Text.Json.Nodes;
using Kiban.Datasets.Api;
using Kiban.Datasets.Loading;
using Kiban.Kubernetes.Client;

namespace Kiban.Datasets.Controllers;

/// <summary>Reads how far a loader is, from the last line of its log.</summary>
internal sealed class LoaderOutput(IKubernetesClient client)
{
    private const int LongestLine = 4096;

    /// <summary>The last progress it told; null where it told none yet, or the node does not answer.</summary>
    public async Task<LoadProgress?> ReadAsync(DatasetPod pod, CancellationToken cancellationToken)
    {
        var path = ResourceKind.Of<DatasetPod>().Path(pod.Metadata.NamespaceProperty, pod.Metadata.Name, "log");
        try
        {
            return LoadProgress.Read(await client.SendAsync(
                HttpMethod.Get, $"{path}?container={LoaderJob.Container}&tailLines=1&limitBytes={LongestLine}", null, "application/json", cancellationToken));
        }
        catch (Exception e) when (e is KubernetesException or HttpRequestException or IOException or TimeoutException)
        {
            // Progress is for people; the load goes on without it.
            return null;
        }
    }
}
