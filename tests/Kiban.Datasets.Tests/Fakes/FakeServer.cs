using System.Text.Json.Nodes;
using Kiban.Testing.Fakes;

namespace Kiban.Datasets.Tests.Fakes;

/// <summary>A server of some release: single reads, and dry runs of Pods of which it keeps what it knows.</summary>
internal sealed class FakeServer(IReadOnlyList<JsonObject> stored) : FakeClient(stored)
{
    public bool HasSchedulingGates { get; set; } = true;

    public bool HasEphemeralVolumes { get; set; } = true;

    public override Task<JsonNode?> SendAsync(
        HttpMethod method, string pathAndQuery, JsonNode? body, string contentType, CancellationToken cancellationToken, string? accept = null)
    {
        pathAndQuery.ShouldContain("dryRun=All");
        var kept = (JsonObject)body!.DeepClone();
        if (!HasSchedulingGates)
            ((JsonObject)kept["spec"]!).Remove("schedulingGates");
        foreach (var volume in (kept["spec"]!["volumes"] as JsonArray ?? []).OfType<JsonObject>().Where(_ => !HasEphemeralVolumes))
            volume.Remove("ephemeral");
        return Task.FromResult<JsonNode?>(kept);
    }
}
