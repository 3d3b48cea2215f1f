using k8s.Models;
using Kiban.Kubernetes.Finalizers;
using Kiban.LocalCluster.Snapshots.Api;
using Kiban.LocalCluster.Storage;

namespace Kiban.LocalCluster.Snapshots;

/// <summary>
/// Decides about VolumeSnapshots, as the community's
/// <see href="https://github.com/kubernetes-csi/external-snapshotter">snapshot controller</see> does: pure functions of the observed objects.
/// </summary>
internal static class SnapshotRules
{
    /// <summary>The next step.</summary>
    public static SnapshotDecision Decide(SnapshotObservation seen)
    {
        if (seen.Content is { Spec.Driver: not SnapshotApi.Driver } || IsOfForeignClass(seen))
        {
            return new SnapshotDecision.Leave();
        }

        return seen.Snapshot.Metadata.DeletionTimestamp is not null ? Delete(seen)
            : seen.Snapshot.Spec.Source.VolumeSnapshotContentName is { } contentName ? UseContent(seen, contentName)
            : Take(seen);
    }

    /// <summary>True when snapshot and content point at each other.</summary>
    public static bool AreBound(VolumeSnapshot snapshot, VolumeSnapshotContent? content) =>
        content is { Spec.VolumeSnapshotRef: var reference }
        && reference.Uid == snapshot.Metadata.Uid
        && reference.Name == snapshot.Metadata.Name
        && reference.NamespaceProperty == snapshot.Metadata.NamespaceProperty;

    // A named class settles whose the snapshot is; without one it is the volume's or the content's driver.
    private static bool IsOfForeignClass(SnapshotObservation seen) =>
        ClassOf(seen) is { Driver: not SnapshotApi.Driver }
        || (seen.Snapshot.Spec.VolumeSnapshotClassName is null && seen.Volume is not null && !LocalStorage.IsOurs(seen.Volume));

    private static VolumeSnapshotClass? ClassOf(SnapshotObservation seen) =>
        seen.Classes.FirstOrDefault(value => value.Metadata.Name == seen.Snapshot.Spec.VolumeSnapshotClassName);

    private static SnapshotDecision Take(SnapshotObservation seen)
    {
        var source = $"PersistentVolumeClaim {seen.Snapshot.Spec.Source.PersistentVolumeClaimName} of spec.source.persistentVolumeClaimName";
        if (seen.Content is not null)
        {
            return Follow(seen);
        }

        if (seen.Claim is null)
        {
            return new SnapshotDecision.Fail("SnapshotPVCSourceMissing", $"{source} does not exist.");
        }

        if (seen.Claim.Status?.Phase != "Bound" || seen.Volume is null)
        {
            return new SnapshotDecision.Fail("SnapshotContentCreationFailed", $"{source} is not bound to a volume; a claim of a class with WaitForFirstConsumer needs a Pod.");
        }

        if (!LocalStorage.IsOurs(seen.Volume))
        {
            return new SnapshotDecision.Fail("SnapshotContentCreationFailed", $"{source} has volume {seen.Volume.Metadata.Name}, which is not of driver {SnapshotApi.Driver} of VolumeSnapshotClass {seen.Snapshot.Spec.VolumeSnapshotClassName}.");
        }

        if (seen.Snapshot.Spec.VolumeSnapshotClassName is not { } className)
        {
            return DefaultClass(seen);
        }

        if (ClassOf(seen) is not { } snapshotClass)
        {
            return new SnapshotDecision.Fail("SnapshotContentCreationFailed", $"VolumeSnapshotClass {className} of spec.volumeSnapshotClassName does not exist.");
        }

        if (!IsProtected(seen.Snapshot))
        {
            return new SnapshotDecision.Protect();
        }

        if (!seen.Claim.HasFinalizer(SnapshotApi.ClaimFinalizer))
        {
            return seen.Claim.Metadata.DeletionTimestamp is null
                ? new SnapshotDecision.ProtectClaim()
                : new SnapshotDecision.Fail("SnapshotContentCreationFailed", $"{source} is being deleted.");
        }

        return new SnapshotDecision.CreateContent(ContentOf(seen.Snapshot, seen.Volume, snapshotClass));
    }

    private static SnapshotDecision UseContent(SnapshotObservation seen, string contentName)
    {
        var source = $"VolumeSnapshotContent {contentName} of spec.source.volumeSnapshotContentName";
        if (seen.Content is not { } content)
        {
            return new SnapshotDecision.Fail("SnapshotContentMissing", $"{source} does not exist.");
        }

        if (content.Spec.Source.SnapshotHandle is null)
        {
            return new SnapshotDecision.Fail("SnapshotContentMismatch", $"{source} is the content of a snapshot of a volume (spec.source.volumeHandle); one that is given out has spec.source.snapshotHandle.");
        }

        var (reference, snapshot) = (content.Spec.VolumeSnapshotRef, seen.Snapshot.Metadata);
        if (reference.Name != snapshot.Name || reference.NamespaceProperty != snapshot.NamespaceProperty || (!string.IsNullOrEmpty(reference.Uid) && reference.Uid != snapshot.Uid))
        {
            return new SnapshotDecision.Fail("SnapshotContentMisbound", $"{source} is for VolumeSnapshot {reference.NamespaceProperty}/{reference.Name} (spec.volumeSnapshotRef), not for this one.");
        }

        return !IsProtected(seen.Snapshot) ? new SnapshotDecision.Protect()
            : string.IsNullOrEmpty(reference.Uid) ? new SnapshotDecision.Bind()
            : Follow(seen);
    }

    /// <summary>The status of a snapshot follows that of its content.</summary>
    private static SnapshotDecision Follow(SnapshotObservation seen)
    {
        if (!AreBound(seen.Snapshot, seen.Content))
        {
            return new SnapshotDecision.Fail("SnapshotContentMisbound", $"VolumeSnapshotContent {seen.Content!.Metadata.Name} is bound to another VolumeSnapshot (spec.volumeSnapshotRef).");
        }

        if (!IsProtected(seen.Snapshot))
        {
            return new SnapshotDecision.Protect();
        }

        var status = StatusOf(seen.Content!);
        return status != seen.Snapshot.Status ? new SnapshotDecision.Report(status)
            : status.ReadyToUse is true && MayReleaseClaim(seen) ? new SnapshotDecision.ReleaseClaim()
            : new SnapshotDecision.Leave();
    }

    private static SnapshotDecision Delete(SnapshotObservation seen)
    {
        if (!seen.Snapshot.HasFinalizer(SnapshotApi.BoundFinalizer) && !seen.Snapshot.HasFinalizer(SnapshotApi.AsSourceFinalizer))
        {
            return new SnapshotDecision.Leave();
        }

        if (seen.RestoringClaim is { } claim)
        {
            return new SnapshotDecision.Hold($"PersistentVolumeClaim {claim} is to be filled from the snapshot, which is deleted when that is done.");
        }

        if (AreBound(seen.Snapshot, seen.Content))
        {
            var deletes = seen.Content!.Spec.DeletionPolicy == SnapshotApi.DeletePolicy;
            if (seen.Content.Metadata.Annotations?.ContainsKey(SnapshotApi.BeingDeletedAnnotation) is not true
                || (deletes && seen.Content.Metadata.DeletionTimestamp is null))
            {
                return new SnapshotDecision.GiveUpContent(deletes);
            }

            if (deletes)
            {
                return new SnapshotDecision.Leave();
            }
        }

        return MayReleaseClaim(seen) ? new SnapshotDecision.ReleaseClaim() : new SnapshotDecision.Release();
    }

    private static bool MayReleaseClaim(SnapshotObservation seen) =>
        seen.Claim?.HasFinalizer(SnapshotApi.ClaimFinalizer) is true && !seen.ClaimIsCopiedForOthers;

    private static SnapshotDecision DefaultClass(SnapshotObservation seen)
    {
        string[] names =
        [
            .. seen.Classes
                .Where(value => value.Driver == SnapshotApi.Driver
                    && value.Metadata.Annotations?.TryGetValue(SnapshotApi.DefaultClassAnnotation, out var isDefault) is true && isDefault == "true")
                .Select(value => value.Metadata.Name)
                .Order(StringComparer.Ordinal),
        ];
        return names switch
        {
            [var name] => new SnapshotDecision.SetClass(name),
            [] => new SnapshotDecision.Fail("SetDefaultSnapshotClassFailed", $"spec.volumeSnapshotClassName is not set, and no VolumeSnapshotClass of driver {SnapshotApi.Driver} is the default; name one."),
            _ => new SnapshotDecision.Fail("SetDefaultSnapshotClassFailed", $"spec.volumeSnapshotClassName is not set, and VolumeSnapshotClasses {string.Join(" and ", names)} are all the default; name one."),
        };
    }

    private static bool IsProtected(VolumeSnapshot snapshot) =>
        snapshot.HasFinalizer(SnapshotApi.BoundFinalizer) && snapshot.HasFinalizer(SnapshotApi.AsSourceFinalizer);

    private static VolumeSnapshotContent ContentOf(VolumeSnapshot snapshot, V1PersistentVolume volume, VolumeSnapshotClass snapshotClass) => new()
    {
        // It has its finalizer from the beginning: whatever is taken for it is removed with it.
        Metadata = new V1ObjectMeta { Name = SnapshotApi.ContentName(snapshot.Metadata.Uid), Finalizers = [SnapshotApi.ContentFinalizer] },
        Spec = new VolumeSnapshotContentSpec
        {
            DeletionPolicy = snapshotClass.DeletionPolicy,
            Driver = snapshotClass.Driver,
            Source = new VolumeSnapshotContentSource { VolumeHandle = volume.Metadata.Name },
            SourceVolumeMode = volume.Spec.VolumeMode ?? "Filesystem",
            VolumeSnapshotClassName = snapshotClass.Metadata.Name,
            VolumeSnapshotRef = new V1ObjectReference
            {
                ApiVersion = snapshot.ApiVersion,
                Kind = snapshot.Kind,
                Name = snapshot.Metadata.Name,
                NamespaceProperty = snapshot.Metadata.NamespaceProperty,
                Uid = snapshot.Metadata.Uid,
                ResourceVersion = snapshot.Metadata.ResourceVersion,
            },
        },
    };

    private static VolumeSnapshotStatus StatusOf(VolumeSnapshotContent content) => new()
    {
        BoundVolumeSnapshotContentName = content.Metadata.Name,
        ReadyToUse = content.Status?.ReadyToUse ?? false,
        // Cut to seconds, which is what a time in an object keeps.
        CreationTime = content.Status?.CreationTime is { } nanoseconds ? DateTime.UnixEpoch.AddSeconds(nanoseconds / 1_000_000_000) : null,
        RestoreSize = content.Status?.RestoreSize is { } bytes ? ByteQuantity.Of(bytes) : null,
        Error = content.Status?.Error,
    };
}
