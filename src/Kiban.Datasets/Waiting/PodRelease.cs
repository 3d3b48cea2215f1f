using System.Text.Json.Nodes;
using Kiban.Datasets.Api;
using Kiban.Datasets.Queueing;
using Kiban.Kubernetes.Client;

namespace Kiban.Datasets.Waiting;

/// <summary>The one write that lets a Pod go. It is not followed any more after it.</summary>
internal static class PodRelease
{
    /// <param name="pod">A Pod none of whose claims is in its way.</param>
    public static ObjectPatch Of(DatasetPod pod) => pod.IsGated ? LiftingGate(pod) : LettingContainerGo(pod);

    /// <summary>The tests make it fail where the Pod is another, or its gates are not those that were seen, so that nobody else's is ever taken.</summary>
    private static ObjectPatch LiftingGate(DatasetPod pod)
    {
        var index = pod.Spec.SchedulingGates!.Select(gate => gate.Name).ToList().IndexOf(DatasetsApi.SchedulingGate);
        var label = $"/metadata/labels/{DatasetsApi.RoleLabel.Replace("/", "~1", StringComparison.Ordinal)}";
        return ObjectPatch.Json(
        [
            Operation("test", "/metadata/uid", pod.Metadata.Uid),
            Operation("test", $"/spec/schedulingGates/{index}/name", DatasetsApi.SchedulingGate),
            Operation("remove", $"/spec/schedulingGates/{index}"),
            Operation("test", label, DatasetsApi.ConsumerRole),
            Operation("remove", label),
            .. pod.QueueGatedBy is { } gatedBy && GatedByAnnotation.HasUs(gatedBy) ? ReleaseFromQueue.Operations(gatedBy) : [],
        ]);
    }

    private static ObjectPatch LettingContainerGo(DatasetPod pod) => ObjectPatch.Merge(new JsonObject
    {
        ["metadata"] = new JsonObject
        {
            ["uid"] = pod.Metadata.Uid,
            ["annotations"] = new JsonObject
            {
                [DatasetsApi.Records.LoadedClaims] = string.Join(',', pod.ClaimNames.Distinct().Order(StringComparer.Ordinal)),
            },
            ["labels"] = new JsonObject { [DatasetsApi.RoleLabel] = null },
        },
    });

    private static JsonObject Operation(string operation, string path, string? value = null)
    {
        var result = new JsonObject { ["op"] = operation, ["path"] = path };
        if (value is not null)
            result["value"] = value;
        return result;
    }
}
