using Kiban.Kubernetes.Finalizers;
using Kiban.LocalCluster.Snapshots.Api;

namespace Kiban.LocalCluster.Snapshots;

/// <summary>
/// Decides about VolumeSnapshotContents, as the community's sidecar does for a CSI driver: pure functions of the observed objects.
/// </summary>
internal static class ContentRules
{
    /// <summary>The next step.</summary>
    /// <param name="content">The content.</param>
    /// <param name="isBound">A VolumeSnapshot is bound to it.</param>
    /// <param name="data">What is known of the data under its handle, where there is some.</param>
    public static ContentDecision Decide(VolumeSnapshotContent content, bool isBound, SnapshotRecord? data)
    {
        if (content.Spec.Driver != SnapshotApi.Driver)
        {
            return new ContentDecision.Leave();
        }

        if (content.Metadata.DeletionTimestamp is not null)
        {
            return Delete(content, isBound);
        }

        if (!content.HasFinalizer(SnapshotApi.ContentFinalizer))
        {
            return new ContentDecision.Protect();
        }

        if (data is not null)
        {
            var status = StatusOf(HandleOf(content), data);
            return status == content.Status ? new ContentDecision.Leave() : new ContentDecision.Report(status);
        }

        return content.Spec.Source switch
        {
            // What was given out once and is gone is not taken anew: the volume has moved on.
            _ when content.Status?.ReadyToUse is true => new ContentDecision.Leave(),
            { VolumeHandle: { } volume } => new ContentDecision.Take(HandleOf(content), volume),
            { SnapshotHandle: { } handle } => new ContentDecision.Fail($"Snapshot {handle} of spec.source.snapshotHandle does not exist on this node."),
            _ => new ContentDecision.Leave(),
        };
    }

    /// <summary>Name of the data of a content.</summary>
    public static string HandleOf(VolumeSnapshotContent content) =>
        content.Spec.Source.SnapshotHandle ?? SnapshotApi.Handle(content.Spec.VolumeSnapshotRef.Uid);

    private static ContentDecision Delete(VolumeSnapshotContent content, bool isBound)
    {
        var isGivenUp = content.Metadata.Annotations?.ContainsKey(SnapshotApi.BeingDeletedAnnotation) is true;
        if (!content.HasFinalizer(SnapshotApi.ContentFinalizer) || (isBound && !isGivenUp))
        {
            return new ContentDecision.Leave();
        }

        return content.Spec.DeletionPolicy == SnapshotApi.DeletePolicy
            ? new ContentDecision.Remove(HandleOf(content))
            : new ContentDecision.Release();
    }

    private static VolumeSnapshotContentStatus StatusOf(string handle, SnapshotRecord data) => new()
    {
        SnapshotHandle = handle,
        CreationTime = (data.CreationTime - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick,
        RestoreSize = data.RestoreSize,
        ReadyToUse = true,
    };
}
