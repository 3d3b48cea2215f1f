using System.Text.Json.Nodes;
using Kiban.Datasets.Declaring;
using Kiban.Kubernetes.Admission;

namespace Kiban.Datasets.Waiting;

/// <summary>The claims that a Pod's specification names, over the raw JSON.</summary>
internal static class PodVolumes
{
    /// <summary>Names of claims that exist by themselves, each once.</summary>
    public static IEnumerable<string> ClaimNames(JsonObject spec) => PodDocument.Items(spec["volumes"])
        .Select(volume => PodDocument.Text(volume["persistentVolumeClaim"]?["claimName"]))
        .Where(name => !string.IsNullOrEmpty(name))
        .OfType<string>()
        .Distinct();

    /// <summary>Generic ephemeral volumes whose templates have annotations of this part: name of the volume, and template.</summary>
    public static IEnumerable<(string Volume, ClaimDocument Template)> Templates(JsonObject spec) =>
        from volume in PodDocument.Items(spec["volumes"])
        let template = volume["ephemeral"]?["volumeClaimTemplate"] as JsonObject
        where template is not null
        let document = ClaimDocument.Of(template)
        where document.Annotations.Count > 0
        select (PodDocument.Name(volume), document);
}
