using System.Text.Json.Serialization;
using k8s.Models;

namespace Kiban.Datasets.Api;

/// <summary>The fields of a claim's specification that matter to this part.</summary>
public sealed class DatasetClaimSpec
{
    /// <summary><c>ReadWriteOnce</c>, <c>ReadOnlyMany</c>, <c>ReadWriteMany</c>, <c>ReadWriteOncePod</c>.</summary>
    [JsonPropertyName("accessModes")]
    public IList<string>? AccessModes { get; set; }

    /// <summary>Size asked for.</summary>
    [JsonPropertyName("resources")]
    public V1VolumeResourceRequirements? Resources { get; set; }

    /// <summary>Labels of the volume that is wanted.</summary>
    [JsonPropertyName("selector")]
    public V1LabelSelector? Selector { get; set; }

    /// <summary>Class; empty for none.</summary>
    [JsonPropertyName("storageClassName")]
    public string? StorageClassName { get; set; }

    /// <summary><c>Filesystem</c> (the default) or <c>Block</c>.</summary>
    [JsonPropertyName("volumeMode")]
    public string? VolumeMode { get; set; }

    /// <summary>The volume it is bound to.</summary>
    [JsonPropertyName("volumeName")]
    public string? VolumeName { get; set; }

    /// <summary>What the volume is made from.</summary>
    [JsonPropertyName("dataSource")]
    public V1TypedLocalObjectReference? DataSource { get; set; }

    /// <summary>Whether it can only be read.</summary>
    [JsonIgnore]
    public bool IsReadOnly => AccessModes is { Count: > 0 } modes && modes.All(mode => mode == "ReadOnlyMany");

    /// <summary>Whether a single Pod may use it at a time (Kubernetes 1.22 and later).</summary>
    [JsonIgnore]
    public bool IsForOnePod => AccessModes?.Contains("ReadWriteOncePod") == true;
}
