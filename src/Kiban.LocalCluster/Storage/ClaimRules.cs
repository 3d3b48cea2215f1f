using k8s.Models;
using Kiban.LocalCluster.Nodes;

namespace Kiban.LocalCluster.Storage;

/// <summary>
/// Decides about claims, as <see href="https://github.com/kubernetes-sigs/sig-storage-lib-external-provisioner">external provisioners</see> do:
/// pure functions of the observed objects.
/// </summary>
internal static class ClaimRules
{
    /// <summary>What is to be done for a claim of a class, with a source of which this is to be seen, on a node of this name.</summary>
    public static ClaimDecision Decide(V1PersistentVolumeClaim claim, V1StorageClass? storageClass, ObservedSource seen, string nodeName)
    {
        if (storageClass?.Provisioner != LocalStorage.Provisioner
            || claim.Metadata.DeletionTimestamp is not null
            || claim.Spec.VolumeName is { Length: > 0 }
            || !IsAskedFor(claim))
        {
            return new ClaimDecision.Leave();
        }

        var selectedNode = Annotation(claim, LocalStorage.SelectedNodeAnnotation);
        if (storageClass.VolumeBindingMode == "WaitForFirstConsumer" && selectedNode is null)
        {
            return new ClaimDecision.Leave();
        }

        if (Objection(claim, selectedNode, nodeName) is { } objection)
        {
            return new ClaimDecision.Refuse(objection);
        }

        return ClaimSourceRules.Decide(claim, seen) switch
        {
            ClaimSource.Impossible impossible => new ClaimDecision.Refuse(impossible.Message),
            ClaimSource.Pending pending => new ClaimDecision.Wait(pending.Message),
            var source => new ClaimDecision.Provision(Volume(claim, storageClass, selectedNode ?? nodeName), source),
        };
    }

    /// <summary>Name of the volume of a claim.</summary>
    public static string VolumeName(V1PersistentVolumeClaim claim) => $"pvc-{claim.Metadata.Uid}";

    private static bool IsAskedFor(V1PersistentVolumeClaim claim) =>
        LocalStorage.ProvisionerAnnotations.Any(annotation => Annotation(claim, annotation) == LocalStorage.Provisioner);

    private static string? Objection(V1PersistentVolumeClaim claim, string? selectedNode, string nodeName)
    {
        var unknownModes = (claim.Spec.AccessModes ?? []).Except(LocalStorage.AccessModes).ToList();
        return claim.Spec switch
        {
            { VolumeMode: "Block" } => "spec.volumeMode is Block, but local volumes are directories; use Filesystem.",
            _ when unknownModes.Count > 0 =>
                $"spec.accessModes has {string.Join(" and ", unknownModes)}, but local volumes are for one node; use {string.Join(" or ", LocalStorage.AccessModes)}.",
            { Selector: not null } => "spec.selector is set, but a volume that is made for a claim has no labels to select by; remove it.",
            _ when selectedNode is not null && selectedNode != nodeName =>
                $"the scheduler selected node {selectedNode}, but local volumes are made on {nodeName} only.",
            _ => null,
        };
    }

    private static V1PersistentVolume Volume(V1PersistentVolumeClaim claim, V1StorageClass storageClass, string node)
    {
        var name = VolumeName(claim);
        return new V1PersistentVolume
        {
            ApiVersion = V1PersistentVolume.KubeApiVersion,
            Kind = V1PersistentVolume.KubeKind,
            Metadata = new V1ObjectMeta
            {
                Name = name,
                Annotations = new Dictionary<string, string> { [LocalStorage.ProvisionedByAnnotation] = LocalStorage.Provisioner },
                Finalizers = [LocalStorage.Finalizer],
            },
            Spec = new V1PersistentVolumeSpec
            {
                Capacity = new Dictionary<string, ResourceQuantity> { ["storage"] = claim.Spec.Resources.Requests["storage"] },
                AccessModes = claim.Spec.AccessModes,
                VolumeMode = "Filesystem",
                StorageClassName = storageClass.Metadata.Name,
                PersistentVolumeReclaimPolicy = storageClass.ReclaimPolicy ?? "Delete",
                MountOptions = storageClass.MountOptions,
                // The UID makes it this claim's and nobody else's, also when a namesake is made while this one is being deleted.
                ClaimRef = new V1ObjectReference
                {
                    ApiVersion = V1PersistentVolumeClaim.KubeApiVersion,
                    Kind = V1PersistentVolumeClaim.KubeKind,
                    Name = claim.Metadata.Name,
                    NamespaceProperty = claim.Metadata.NamespaceProperty,
                    Uid = claim.Metadata.Uid,
                },
                // "local", not "hostPath": the kubelet gives its files to the Pod's fsGroup.
                Local = new V1LocalVolumeSource { Path = $"{NodeLayout.InnerVolumes}/{name}" },
                NodeAffinity = new V1VolumeNodeAffinity
                {
                    Required = new V1NodeSelector
                    {
                        NodeSelectorTerms =
                        [
                            new V1NodeSelectorTerm
                            {
                                MatchExpressions = [new V1NodeSelectorRequirement { Key = "kubernetes.io/hostname", OperatorProperty = "In", Values = [node] }],
                            },
                        ],
                    },
                },
            },
        };
    }

    private static string? Annotation(V1PersistentVolumeClaim claim, string name) =>
        claim.Metadata.Annotations?.TryGetValue(name, out var value) is true && value.Length > 0 ? value : null;
}
