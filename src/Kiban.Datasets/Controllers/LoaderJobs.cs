using System.Text.Json.Nodes;
using k8s.Models;
using Kiban.Datasets.Api;
using Kiban.Datasets.Loading;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;

namespace Kiban.Datasets.Controllers;

/// <summary>The Jobs and Pods of loaders, and what is done to them.</summary>
internal sealed class LoaderJobs(IKubernetesClient client, IResourceCache<V1Job> jobs, IResourceCache<DatasetPod> pods)
{
    /// <summary>The Job of a load; null where there is none (in the cache).</summary>
    public V1Job? Find(DatasetClaim claim, string loadKey)
    {
        var job = jobs.Find(new NamespacedName(claim.Metadata.NamespaceProperty, LoaderJob.NameOf(claim.Metadata.Name, loadKey)));
        return job is not null && KeyOf(job) == loadKey ? job : null;
    }

    /// <summary>The claims whose loads run.</summary>
    public IReadOnlyCollection<NamespacedName> Running() =>
        [.. jobs.List().Where(LoaderJobState.IsRunning).Select(ClaimOf).OfType<NamespacedName>()];

    /// <summary>The Pods of a Job, oldest first.</summary>
    public IReadOnlyList<DatasetPod> PodsOf(V1Job job) =>
    [
        .. pods.FindByIndex(DatasetCaches.LoadersByClaim, job.Metadata.Labels[DatasetsApi.ClaimUidLabel])
            .Where(pod => pod.Metadata.OwnerReferences?.Any(owner => owner.Uid == job.Metadata.Uid) == true)
            .OrderBy(pod => pod.Metadata.CreationTimestamp).ThenBy(pod => pod.Metadata.Name, StringComparer.Ordinal),
    ];

    /// <summary>Key of the load that a Job is for.</summary>
    public static string? KeyOf(V1Job job) => Annotation(job, DatasetsApi.Records.LoadKey);

    /// <summary>Fingerprint of the Secrets that a Job was started with.</summary>
    public static string? SecretsVersionOf(V1Job job) => Annotation(job, DatasetsApi.Records.Credentials);

    /// <summary>Deletes every Job of the claim but the one of this load.</summary>
    /// <returns>Whether a loader that is not wanted may still be writing.</returns>
    public async Task<bool> RetireOthersAsync(DatasetClaim claim, string? loadKey, CancellationToken cancellationToken)
    {
        var others = jobs.FindByIndex(DatasetCaches.JobsByClaim, claim.Metadata.Uid).Where(job => loadKey is null || KeyOf(job) != loadKey).ToList();
        foreach (var job in others.Where(job => job.Metadata.DeletionTimestamp is null))
            await DeleteAsync(job, cancellationToken);
        var kept = loadKey is null ? null : Find(claim, loadKey)?.Metadata.Uid;
        return pods.FindByIndex(DatasetCaches.LoadersByClaim, claim.Metadata.Uid).Any(pod =>
            pod.Status.Phase is not ("Succeeded" or "Failed") && (kept is null || pod.Metadata.OwnerReferences?.Any(owner => owner.Uid == kept) != true));
    }

    /// <summary>Deletes a Job and its Pods.</summary>
    public Task DeleteAsync(V1Job job, CancellationToken cancellationToken) => client.DeleteAsync<V1Job>(
        job.Metadata.Name, job.Metadata.NamespaceProperty, cancellationToken, new DeleteOptions { Uid = job.Metadata.Uid });

    /// <summary>Keeps a Job from making further Pods; those there are stay, with their logs.</summary>
    public Task StopAsync(V1Job job, CancellationToken cancellationToken) => client.PatchAsync<V1Job>(
        job.Metadata.Name, job.Metadata.NamespaceProperty,
        ObjectPatch.Merge(new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = job.Metadata.Uid },
            ["spec"] = new JsonObject { ["parallelism"] = 0 },
        }),
        cancellationToken, new WriteOptions { FieldManager = DatasetsApi.FieldManager });

    /// <summary>Writes on the claim that a load is in its volume.</summary>
    public Task RecordAsync(DatasetClaim claim, string loadKey, string? digest, CancellationToken cancellationToken) => client.PatchAsync<DatasetClaim>(
        claim.Metadata.Name, claim.Metadata.NamespaceProperty,
        ObjectPatch.Merge(new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                // A namesake made later has another UID, and the server then refuses.
                ["uid"] = claim.Metadata.Uid,
                ["annotations"] = new JsonObject { [DatasetsApi.Records.Loaded] = loadKey, [DatasetsApi.Records.Content] = digest },
            },
        }),
        cancellationToken, new WriteOptions { FieldManager = DatasetsApi.FieldManager });

    /// <summary>The claim that a Job fills.</summary>
    public static NamespacedName? ClaimOf(V1Job job) =>
        job.Metadata.OwnerReferences?.FirstOrDefault(owner => owner.Kind == "PersistentVolumeClaim") is { } owner
            ? new NamespacedName(job.Metadata.NamespaceProperty, owner.Name)
            : null;

    private static string? Annotation(V1Job job, string key) => job.Metadata.Annotations is { } all && all.TryGetValue(key, out var value) ? value : null;
}
