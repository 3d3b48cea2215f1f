using Kiban.LocalCluster.Storage;

namespace Kiban.LocalCluster.Snapshots.Api;

/// <summary>
/// Identifiers of the snapshot API, as the community's controller and sidecar use them
/// (<see href="https://github.com/kubernetes-csi/external-snapshotter"/>), and our class.
/// </summary>
public static class SnapshotApi
{
    /// <summary>API group.</summary>
    public const string Group = "snapshot.storage.k8s.io";

    /// <summary>Version.</summary>
    public const string Version = "v1";

    /// <summary>Driver of classes and contents of local volumes: the same name as the provisioner's.</summary>
    public const string Driver = LocalStorage.Provisioner;

    /// <summary>Name of the default class.</summary>
    public const string DefaultClass = "local";

    /// <summary>Annotation of the class that serves snapshots which name none.</summary>
    public const string DefaultClassAnnotation = "snapshot.storage.kubernetes.io/is-default-class";

    /// <summary>Keeps a VolumeSnapshot while a content is bound to it.</summary>
    public const string BoundFinalizer = "snapshot.storage.kubernetes.io/volumesnapshot-bound-protection";

    /// <summary>Keeps a VolumeSnapshot while a claim is being filled from it.</summary>
    public const string AsSourceFinalizer = "snapshot.storage.kubernetes.io/volumesnapshot-as-source-protection";

    /// <summary>Keeps a VolumeSnapshotContent while a snapshot is bound to it.</summary>
    public const string ContentFinalizer = "snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection";

    /// <summary>Keeps a claim while a snapshot is taken of it.</summary>
    public const string ClaimFinalizer = "snapshot.storage.kubernetes.io/pvc-as-source-protection";

    /// <summary>Annotation of a content whose snapshot is being deleted, by which its own deletion may go on.</summary>
    public const string BeingDeletedAnnotation = "snapshot.storage.kubernetes.io/volumesnapshot-being-deleted";

    /// <summary><c>deletionPolicy</c> under which data goes with the snapshot.</summary>
    public const string DeletePolicy = "Delete";

    /// <summary>Name of the content that is made for a snapshot.</summary>
    public static string ContentName(string snapshotUid) => $"snapcontent-{snapshotUid}";

    /// <summary>Handle of the data that is taken for a snapshot.</summary>
    public static string Handle(string snapshotUid) => $"snapshot-{snapshotUid}";
}
