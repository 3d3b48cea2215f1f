using System.Text.Json.Nodes;
using Kiban.Datasets.Api;
using Kiban.Kubernetes.Client;

namespace Kiban.Datasets.Queueing;

/// <summary>Takes this part's name, and nobody else's, from those that hold a workload back.</summary>
internal static class ReleaseFromQueue
{
    private static readonly string Path = $"/metadata/annotations/{DatasetsApi.KueueGatedByAnnotation.Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>The patch; it fails where the object is another, or somebody has changed the annotation since.</summary>
    public static ObjectPatch Of(string uid, string gatedBy) => ObjectPatch.Json(
    [
        new JsonObject { ["op"] = "test", ["path"] = "/metadata/uid", ["value"] = uid },
        .. Operations(gatedBy),
    ]);

    /// <summary>What is done to the annotation.</summary>
    public static IEnumerable<JsonObject> Operations(string gatedBy)
    {
        yield return new JsonObject { ["op"] = "test", ["path"] = Path, ["value"] = gatedBy };
        yield return GatedByAnnotation.Without(gatedBy) is { } others
            ? new JsonObject { ["op"] = "replace", ["path"] = Path, ["value"] = others }
            : new JsonObject { ["op"] = "remove", ["path"] = Path };
    }
}
