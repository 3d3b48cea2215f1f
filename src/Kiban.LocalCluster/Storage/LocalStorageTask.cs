using k8s;
using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Events;
using Kiban.Kubernetes.Queueing;
using Kiban.LocalCluster.Agent;
using Kiban.LocalCluster.Nodes;
using Microsoft.Extensions.Logging;

namespace Kiban.LocalCluster.Storage;

/// <summary>Keeps the storage classes in place and runs the provisioner.</summary>
internal sealed partial class LocalStorageTask : IAgentTask
{
    private const string FieldManager = "kiban-local-cluster";

    private static readonly QueueOptions Queue = new() { BaseDelay = TimeSpan.FromMilliseconds(100), MaxDelay = TimeSpan.FromMinutes(1) };

    private readonly NodeLayout _layout;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private readonly ILogger _logger;

    public LocalStorageTask(NodeLayout layout, TimeProvider time, ILoggerFactory loggers)
    {
        _layout = layout;
        _time = time;
        _loggers = loggers;
        _logger = loggers.CreateLogger<LocalStorageTask>();
    }

    private enum Kind
    {
        Claim,
        Volume,
    }

    /// <inheritdoc/>
    public string Name => "local-storage";

    /// <inheritdoc/>
    public async Task RunAsync(IKubernetesClient client, Action ready, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var caches = new ResourceCaches(client, _time, _loggers);
        var claims = caches.Get<V1PersistentVolumeClaim>();
        var volumes = caches.Get<V1PersistentVolume>();
        var classes = caches.Get<V1StorageClass>();
        using var events = new EventSink(client, new EventSinkOptions(), _time, _loggers.CreateLogger<EventSink>());
        await caches.StartAsync(stop.Token);
        await events.StartAsync(stop.Token);
        foreach (var storageClass in LocalStorage.Classes)
        {
            await client.ApplyAsync(storageClass, FieldManager, cancellationToken);
        }

        await caches.WaitForSyncAsync(cancellationToken);
        var directories = new VolumeDirectories(_layout.Volumes);
        directories.RemoveUnused(volumes.List().Select(volume => volume.Metadata.Name).Concat(claims.List().Select(ClaimRules.VolumeName)).ToHashSet());
        var provisioner = new LocalProvisioner(client, claims, volumes, classes, directories, events.For("local-path"), _layout.NodeName);
        using var queue = new RateLimitedQueue<(Kind Kind, NamespacedName Name)>(Name, Queue, _time);
        using var ofClaims = claims.Subscribe(change => queue.Add((Kind.Claim, change.Key)));
        using var ofVolumes = volumes.Subscribe(change => queue.Add((Kind.Volume, change.Key)));
        using var ofClasses = classes.Subscribe(change =>
        {
            foreach (var claim in claims.List().Where(claim => claim.Spec.StorageClassName == change.Key.Name))
            {
                queue.Add((Kind.Claim, claim.Key()));
            }
        });
        ready();
        try
        {
            await foreach (var key in queue.TakeAllAsync(cancellationToken))
            {
                await WorkAsync(provisioner, queue, key, cancellationToken);
            }
        }
        finally
        {
            await events.StopAsync(CancellationToken.None);
            await caches.StopAsync(CancellationToken.None);
        }
    }

    private async Task WorkAsync(LocalProvisioner provisioner, RateLimitedQueue<(Kind Kind, NamespacedName Name)> queue, (Kind Kind, NamespacedName Name) key, CancellationToken cancellationToken)
    {
        try
        {
            await (key.Kind == Kind.Claim ? provisioner.ReconcileClaimAsync(key.Name, cancellationToken) : provisioner.ReconcileVolumeAsync(key.Name, cancellationToken));
            queue.Forget(key);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            FailedLog(_logger, e, key.Kind.ToString(), key.Name);
            queue.AddRateLimited(key);
        }
        finally
        {
            queue.Done(key);
        }
    }

    [LoggerMessage(EventId = 120, Level = LogLevel.Warning, Message = "{Kind} {Name} could not be served and is tried again")]
    private static partial void FailedLog(ILogger logger, Exception exception, string kind, NamespacedName name);
}
