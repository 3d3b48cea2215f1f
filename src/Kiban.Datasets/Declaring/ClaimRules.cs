using Kiban.Datasets.Api;

namespace Kiban.Datasets.Declaring;

/// <summary>Which claims can be filled at all, whatever the source.</summary>
internal static class ClaimRules
{
    /// <summary>A sentence for each thing that stands in the way.</summary>
    /// <param name="spec">What is claimed.</param>
    /// <param name="wait">How Pods wait for it.</param>
    /// <param name="hasSchedulingGates">Whether Pods can wait before they are scheduled.</param>
    public static IEnumerable<string> Mistakes(DatasetClaimSpec spec, WaitMode wait, bool hasSchedulingGates)
    {
        if (spec.VolumeMode == "Block")
            yield return "spec.volumeMode is Block; files are loaded, so Filesystem is wanted";
        if (spec.IsReadOnly)
            yield return "spec.accessModes is ReadOnlyMany alone; the loader writes, so ReadWriteOnce or ReadWriteMany is wanted (Pods may still mount it readOnly)";
        if (spec is { Selector: not null, VolumeName: null or "" })
        {
            yield return "spec.selector may bind any volume that matches, with what is in it; a spec.volumeName beside it, or none of both, is wanted";
        }
        // Such a volume lets in one Pod at a time: one that waits inside of itself would keep out the loader that it waits for.
        if (spec.IsForOnePod && wait != WaitMode.Schedule)
        {
            yield return $"spec.accessModes is ReadWriteOncePod and {DatasetsApi.Annotations.Wait} is \"{Word(wait)}\": the Pod would hold the volume while the loader "
                + "waits for it, and neither would go on; ReadWriteOnce, or \"schedule\", is wanted";
        }
        else if (spec.IsForOnePod && !hasSchedulingGates)
        {
            yield return "spec.accessModes is ReadWriteOncePod and this server has no scheduling gates (Kubernetes 1.27): a Pod that waits would hold the volume while "
                + "the loader waits for it, and neither would go on; ReadWriteOnce is wanted";
        }
    }

    private static string Word(WaitMode wait) => wait == WaitMode.Start ? "start" : "never";
}
