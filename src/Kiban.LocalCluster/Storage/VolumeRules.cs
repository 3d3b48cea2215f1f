using k8s.Models;

namespace Kiban.LocalCluster.Storage;

/// <summary>Decides about PersistentVolumes.</summary>
internal static class VolumeRules
{
    // Held by the control plane while a claim is bound to the volume.
    private const string ProtectionFinalizer = "kubernetes.io/pv-protection";

    /// <summary>What is to be done with a volume.</summary>
    public static VolumeDecision Decide(V1PersistentVolume volume)
    {
        if (!LocalStorage.IsOurs(volume))
        {
            return VolumeDecision.Leave;
        }

        var deletes = volume.Spec.PersistentVolumeReclaimPolicy == "Delete";
        if (volume.Metadata.DeletionTimestamp is null)
        {
            return deletes && volume.Status?.Phase is ("Released" or "Failed") ? VolumeDecision.Delete : VolumeDecision.Leave;
        }

        var finalizers = volume.Metadata.Finalizers ?? [];
        if (!finalizers.Contains(LocalStorage.Finalizer) || finalizers.Contains(ProtectionFinalizer))
        {
            return VolumeDecision.Leave;
        }

        return deletes ? VolumeDecision.Remove : VolumeDecision.Release;
    }
}
