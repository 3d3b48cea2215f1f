using Kiban.Datasets.Api;

namespace Kiban.Datasets.Loading;

/// <summary>Claims that cannot be filled, and why.</summary>
internal static class ClaimRefusal
{
    /// <summary>One sentence, to follow "PersistentVolumeClaim x"; null where the claim can be filled.</summary>
    public static string? Of(DatasetClaimSpec spec)
    {
        if (spec.VolumeMode == "Block")
            return "has spec.volumeMode Block, which holds no files; Filesystem is wanted";
        if (spec.IsReadOnly)
            return "has only ReadOnlyMany in spec.accessModes, so that nothing can be written; ReadWriteOnce or ReadWriteMany is wanted";
        return spec.Selector is not null && string.IsNullOrEmpty(spec.VolumeName)
            ? "has spec.selector, so that it is bound to a volume that somebody made, whose content must not be overwritten; name that volume in spec.volumeName, or leave the selector out"
            : null;
    }
}
