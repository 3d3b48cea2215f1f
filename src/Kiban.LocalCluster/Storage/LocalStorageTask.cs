using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Events;
using Kiban.LocalCluster.Agent;
using Kiban.LocalCluster.Nodes;
using Kiban.LocalCluster.Snapshots;
using Microsoft.Extensions.Logging;

namespace Kiban.LocalCluster.Storage;

/// <summary>Keeps the storage and snapshot classes in place, and runs the provisioner and the snapshot controller.</summary>
internal sealed class LocalStorageTask : IAgentTask
{
    /// <summary>Under which fields of objects are kept.</summary>
    internal const string FieldManager = "kiban-local-cluster";

    // A volume that takes minutes to copy must not keep the others waiting.
    private const int Workers = 4;

    private readonly NodeLayout _layout;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;

    public LocalStorageTask(NodeLayout layout, TimeProvider time, ILoggerFactory loggers)
    {
        _layout = layout;
        _time = time;
        _loggers = loggers;
    }

    /// <inheritdoc/>
    public string Name => "local-storage";

    /// <inheritdoc/>
    public async Task RunAsync(IKubernetesClient client, Action ready, CancellationToken cancellationToken)
    {
        foreach (var storageClass in LocalStorage.Classes)
        {
            await client.ApplyAsync(storageClass, FieldManager, cancellationToken);
        }

        await SnapshotKinds.InstallAsync(client, _time, cancellationToken);
        using var all = new ResourceCaches(client, _time, _loggers);
        var caches = new StorageCaches(all);
        using var events = new EventSink(client, new EventSinkOptions(), _time, _loggers.CreateLogger<EventSink>());
        await all.StartAsync(cancellationToken);
        await events.StartAsync(cancellationToken);
        try
        {
            await all.WaitForSyncAsync(cancellationToken);
            await WorkAsync(client, caches, events, ready, cancellationToken);
        }
        finally
        {
            await events.StopAsync(CancellationToken.None);
            await all.StopAsync(CancellationToken.None);
        }
    }

    private async Task WorkAsync(IKubernetesClient client, StorageCaches caches, EventSink events, Action ready, CancellationToken cancellationToken)
    {
        var directories = new VolumeDirectories(_layout.Volumes);
        var snapshots = new SnapshotDirectories(_layout.Snapshots);
        directories.RemoveUnused(
            caches.Volumes.List().Select(volume => volume.Metadata.Name).ToHashSet(),
            caches.Claims.List().Select(ClaimRules.VolumeName).ToHashSet());
        snapshots.RemoveUnfinished();
        var provisioner = new LocalProvisioner(client, caches, directories, snapshots, events.For("local-path"), _layout.NodeName);
        var controller = new SnapshotController(client, caches, events.For("snapshot-controller"), _time);
        var snapshotter = new Snapshotter(client, caches, directories, snapshots, events.For("local-path"), _time);
        using var work = new KeyedWork<StorageKey>(Name, _time, _loggers.CreateLogger<LocalStorageTask>());
        using var subscriptions = new StorageSubscriptions(caches, work);
        ready();
        await work.RunAsync(
            Workers,
            (key, token) => key.Kind switch
            {
                StorageKind.Claim => provisioner.ReconcileClaimAsync(key.Name, token),
                StorageKind.Volume => provisioner.ReconcileVolumeAsync(key.Name, token),
                StorageKind.Snapshot => controller.ReconcileAsync(key.Name, token),
                _ => snapshotter.ReconcileAsync(key.Name, token),
            },
            cancellationToken);
    }
}
