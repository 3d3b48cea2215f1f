using System.Text.Json.Nodes;
using Kiban.Datasets.Api;
using Kiban.Datasets.Declaring;

namespace Kiban.Datasets.Reuse;

/// <summary>Has a new claim filled from a snapshot, in its raw JSON. Doing it again changes nothing.</summary>
internal static class ClaimFilling
{
    /// <summary>Whether the claim leaves open what its volume is made from.</summary>
    public static bool IsOpen(JsonObject claim) =>
        claim["spec"] is JsonObject spec && spec["dataSource"] is null && spec["dataSourceRef"] is null && (string?)spec["volumeName"] is null or "";

    /// <summary>Labels the claim with what it will hold, and writes the snapshot into it, or why there is none that serves.</summary>
    public static void Apply(JsonObject claim, DatasetRequest request, SnapshotChoice choice)
    {
        var metadata = (JsonObject)claim["metadata"]!;
        Map(metadata, "labels")[DatasetsApi.SourceLabel] = LoadKey.OfSource(request);
        // Records that came along with a copied manifest speak of another claim.
        var annotations = Map(metadata, "annotations");
        foreach (var record in DatasetsApi.Records.OnClaims)
            annotations.Remove(record);
        if (choice.Refusal is { } refusal)
            annotations[DatasetsApi.Records.NotFromCache] = refusal;
        if (choice.Snapshot is { } snapshot)
        {
            claim["spec"]!["dataSource"] = new JsonObject
            {
                ["apiGroup"] = "snapshot.storage.k8s.io",
                ["kind"] = "VolumeSnapshot",
                ["name"] = snapshot.Metadata.Name,
            };
        }
    }

    private static JsonObject Map(JsonObject parent, string name)
    {
        if (parent[name] is JsonObject map)
            return map;
        map = [];
        parent[name] = map;
        return map;
    }
}
