using k8s.Models;

namespace Kiban.LocalCluster.Storage;

/// <summary>Identifiers of local storage, and its storage classes.</summary>
public static class LocalStorage
{
    /// <summary>Name of the provisioner in storage classes.</summary>
    public const string Provisioner = "kiban.dev/local-path";

    /// <summary>The default class: a volume is made when a Pod that wants it is scheduled.</summary>
    public const string DefaultClass = "local";

    /// <summary>A volume is made as soon as it is claimed.</summary>
    public const string ImmediateClass = "local-immediate";

    /// <summary>Keeps a PersistentVolume until its directory is dealt with.</summary>
    public const string Finalizer = "kiban.dev/local-path";

    /// <summary>Annotation by which a PersistentVolume says who made it.</summary>
    public const string ProvisionedByAnnotation = "pv.kubernetes.io/provisioned-by";

    /// <summary>Annotation of a claim with the node that the scheduler chose for its first Pod.</summary>
    public const string SelectedNodeAnnotation = "volume.kubernetes.io/selected-node";

    /// <summary>
    /// Annotations by which the controller manager asks a provisioner to serve a claim: the newer is set since 1.23, the older one by all
    /// releases up to now.
    /// </summary>
    public static IReadOnlyList<string> ProvisionerAnnotations { get; } =
        ["volume.kubernetes.io/storage-provisioner", "volume.beta.kubernetes.io/storage-provisioner"];

    /// <summary>Access modes that a directory of one node can keep.</summary>
    public static IReadOnlyList<string> AccessModes { get; } = ["ReadWriteOnce", "ReadWriteOncePod"];

    /// <summary>Both classes.</summary>
    public static IReadOnlyList<V1StorageClass> Classes { get; } =
    [
        Class(DefaultClass, "WaitForFirstConsumer", isDefault: true),
        Class(ImmediateClass, "Immediate", isDefault: false),
    ];

    /// <summary>True for a volume that our provisioner made.</summary>
    public static bool IsOurs(V1PersistentVolume volume) =>
        volume.Metadata.Annotations?.TryGetValue(ProvisionedByAnnotation, out var provisioner) is true && provisioner == Provisioner;

    private static V1StorageClass Class(string name, string bindingMode, bool isDefault) => new()
    {
        ApiVersion = $"{V1StorageClass.KubeGroup}/{V1StorageClass.KubeApiVersion}",
        Kind = V1StorageClass.KubeKind,
        Metadata = new V1ObjectMeta
        {
            Name = name,
            Labels = new Dictionary<string, string> { ["app.kubernetes.io/managed-by"] = "kiban" },
            Annotations = new Dictionary<string, string> { ["storageclass.kubernetes.io/is-default-class"] = isDefault ? "true" : "false" },
        },
        Provisioner = Provisioner,
        ReclaimPolicy = "Delete",
        VolumeBindingMode = bindingMode,
        AllowVolumeExpansion = false,
    };
}
