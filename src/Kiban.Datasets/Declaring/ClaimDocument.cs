using System.Text.Json;
using System.Text.Json.Nodes;
using Kiban.Datasets.Api;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Client;

namespace Kiban.Datasets.Declaring;

/// <summary>What this part reads of a claim, or of the template of one, over the raw JSON.</summary>
internal sealed record ClaimDocument
{
    private ClaimDocument(IReadOnlyDictionary<string, string> annotations, DatasetClaimSpec spec) => (Annotations, Spec) = (annotations, spec);

    /// <summary>The annotations of this part that users write.</summary>
    public IReadOnlyDictionary<string, string> Annotations { get; }

    public DatasetClaimSpec Spec { get; }

    public bool IsDataset => Annotations.ContainsKey(DatasetsApi.Annotations.Source);

    public WaitMode Wait => WaitModes.Of(Annotations.GetValueOrDefault(DatasetsApi.Annotations.Wait));

    /// <param name="claim">A PersistentVolumeClaim, or a <c>volumeClaimTemplate</c>.</param>
    public static ClaimDocument Of(JsonObject claim)
    {
        var annotations = new Dictionary<string, string>();
        foreach (var (key, value) in claim["metadata"]?["annotations"] as JsonObject ?? [])
        {
            if (key.StartsWith(DatasetsApi.Prefix, StringComparison.Ordinal) && !DatasetsApi.Records.OnClaims.Contains(key) && PodDocument.Text(value) is { } text)
                annotations[key] = text;
        }
        return new ClaimDocument(annotations, claim["spec"].Deserialize<DatasetClaimSpec>(KubernetesJsonOptions.Default) ?? new DatasetClaimSpec());
    }

    /// <summary>Whether the author of both asked for the same.</summary>
    public bool AsksAs(ClaimDocument other) =>
        Annotations.Count == other.Annotations.Count && Annotations.All(pair => other.Annotations.TryGetValue(pair.Key, out var value) && value == pair.Value);

    public bool HasSame(string annotation, ClaimDocument other) =>
        Annotations.GetValueOrDefault(annotation) == other.Annotations.GetValueOrDefault(annotation);
}
