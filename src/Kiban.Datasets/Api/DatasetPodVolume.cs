using System.Text.Json.Serialization;
using k8s.Models;

namespace Kiban.Datasets.Api;

/// <summary>A volume of a Pod, as far as it is a claim.</summary>
public sealed class DatasetPodVolume
{
    /// <summary>Name within the Pod.</summary>
    [JsonPropertyName("name")]
    public string Name { get; set; } = "";

    /// <summary>A claim that exists by itself.</summary>
    [JsonPropertyName("persistentVolumeClaim")]
    public V1PersistentVolumeClaimVolumeSource? PersistentVolumeClaim { get; set; }

    /// <summary>A claim that is made for the Pod and goes with it.</summary>
    [JsonPropertyName("ephemeral")]
    public DatasetPodEphemeralVolume? Ephemeral { get; set; }

    /// <summary>
    /// Name of the claim, or null where the volume is of another kind. A generic ephemeral volume's claim is called
    /// <c>&lt;pod&gt;-&lt;volume&gt;</c> (<see href="https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/#persistentvolumeclaim-naming"/>).
    /// </summary>
    public string? ClaimName(string? podName) =>
        PersistentVolumeClaim?.ClaimName ?? (Ephemeral is not null && podName is not null ? $"{podName}-{Name}" : null);
}
