using k8s.Models;
using Kiban.Datasets.Api;
using Kiban.Datasets.Declaring;
using Kiban.Datasets.Loading;
using Kiban.Datasets.Reuse;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Controllers;

namespace Kiban.Datasets.Controllers;

/// <summary>
/// Fills claims. Everything it knows is on the server: the claim says what is wanted and, in one annotation, what was loaded; the Job, whose name
/// follows from both, is the load under way; the journal in the volume is how far it is. So it may be killed anywhere, and goes on.
/// </summary>
internal sealed class DatasetReconciler(
    IKubernetesClient client,
    IResourceCache<DatasetClaim> claims,
    LoaderJobs jobs,
    ClaimUsers users,
    DatasetObjects objects,
    DatasetSnapshots snapshots,
    LoadSlots slots,
    ControllerTrigger trigger,
    ClaimReporter reporter,
    LoaderOutput output,
    PodRefusals refusals,
    DatasetsOptions options,
    DatasetMetrics metrics,
    TimeProvider time) : IReconciler
{
    private static readonly TimeSpan SecretInterval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan SnapshotInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RefusalInterval = TimeSpan.FromSeconds(10);

    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (claims.Find(key) is not { } claim)
        {
            // Its Jobs are the garbage collector's.
            metrics.Forget(key);
            reporter.Forget(key);
            return Release(key);
        }
        if (claim.Metadata.DeletionTimestamp is not null || !claim.IsDataset)
            return await AbandonAsync(claim, cancellationToken);

        if (DatasetRequest.Read(claim.Metadata.Annotations, out var mistakes) is not { } request)
            return await StopAsync(claim, LoadStatus.Waiting(LoadReasons.InvalidAnnotations, string.Join("; and ", mistakes)), cancellationToken);
        // Whether Pods can wait outside was asked when the claim was written.
        if (ClaimRules.Mistakes(claim.Spec, request.Wait, hasSchedulingGates: true).ToList() is { Count: > 0 } faults)
            return await StopAsync(claim, LoadStatus.Waiting(LoadReasons.UnsupportedClaim, string.Join("; and ", faults)), cancellationToken);

        var loadKey = LoadKey.Of(claim.Metadata.Uid, request);
        var job = jobs.Find(claim, loadKey);
        if (claim.Annotation(DatasetsApi.Records.Loaded) == loadKey)
            return await KeepAsync(claim, request, job, cancellationToken);
        if (await jobs.RetireOthersAsync(claim, loadKey, cancellationToken))
            return await WaitAsync(claim, LoadStatus.Waiting(LoadReasons.Starting, "the loader of what was asked for before is being stopped"), null, cancellationToken);
        return job is null
            ? await StartAsync(claim, request, loadKey, cancellationToken)
            : await FollowAsync(claim, request, loadKey, job, cancellationToken);
    }

    private async Task<ReconcileResult> AbandonAsync(DatasetClaim claim, CancellationToken cancellationToken)
    {
        await jobs.RetireOthersAsync(claim, null, cancellationToken);
        if (claim.Metadata.DeletionTimestamp is null)
            await reporter.WithdrawAsync(claim, cancellationToken);
        metrics.Forget(claim.Key());
        return Release(claim.Key());
    }

    private async Task<ReconcileResult> StopAsync(DatasetClaim claim, LoadStatus status, CancellationToken cancellationToken)
    {
        await jobs.RetireOthersAsync(claim, null, cancellationToken);
        Release(claim.Key());
        return await WaitAsync(claim, status, null, cancellationToken);
    }

    /// <summary>The data is there.</summary>
    private async Task<ReconcileResult> KeepAsync(DatasetClaim claim, DatasetRequest request, V1Job? job, CancellationToken cancellationToken)
    {
        // Only where the condition got lost on the way is there anything left to say.
        if (claim.Condition is not { Status: "True" })
        {
            var report = job is null ? null : jobs.PodsOf(job).Select(LoadReport.Of).LastOrDefault(ended => ended?.IsLoaded == true);
            await reporter.ReportAsync(claim, LoadStory.Loaded(claim, request, report), cancellationToken);
        }
        metrics.Forget(claim.Key());
        Release(claim.Key());

        await jobs.RetireOthersAsync(claim, job is null ? null : LoaderJobs.KeyOf(job), cancellationToken);
        if (job is null)
            return ReconcileResult.Done;
        var left = (job.Status?.CompletionTime ?? time.GetUtcNow().UtcDateTime) + options.JobRetention - time.GetUtcNow().UtcDateTime;
        if (left > TimeSpan.Zero)
            return new ReconcileResult(left);
        await jobs.DeleteAsync(job, cancellationToken);
        return ReconcileResult.Done;
    }

    private async Task<ReconcileResult> StartAsync(DatasetClaim claim, DatasetRequest request, string loadKey, CancellationToken cancellationToken)
    {
        var pods = users.Of(claim);
        if (pods.Count == 0 && !claim.IsBound && !request.BindsAtOnce && users.BindsOnFirstUse(claim))
        {
            Release(claim.Key());
            return await WaitAsync(claim, LoadStatus.Waiting(
                LoadReasons.WaitingForFirstConsumer,
                $"StorageClass {claim.Spec.StorageClassName} binds on first use, so the first Pod that uses the claim says where it is loaded; "
                + $"to load it before, on whichever node, set {DatasetsApi.Annotations.Bind}: immediate"), null, cancellationToken);
        }
        if (!slots.TryTake(claim.Key(), claim.Metadata.CreationTimestamp ?? default))
        {
            return await WaitAsync(claim, LoadStatus.Waiting(
                LoadReasons.Queued,
                $"{options.MaxLoadsPerNamespace} loads run at once in a namespace and {options.MaxLoads} in the cluster; this one is next when one ends"),
                null, cancellationToken);
        }

        var secrets = await NamedSecrets.FindAsync(objects, claim.Metadata.NamespaceProperty, request, cancellationToken);
        if (secrets.Problem is { } problem)
        {
            Release(claim.Key());
            return await WaitAsync(claim, LoadStatus.Waiting(LoadReasons.WaitingForCredential, problem), SecretInterval, cancellationToken);
        }

        var placement = LoaderPlacement.Of(claim, pods.Count > 0 ? pods : await users.FindOnServerAsync(claim, cancellationToken));
        try
        {
            await client.CreateAsync(LoaderJob.Of(claim, request, loadKey, secrets.Version, placement, options.Loader), cancellationToken);
        }
        catch (KubernetesException e) when (e.IsConflict)
        {
            // Made by an attempt whose answer was lost, or not deleted whole yet; the cache will tell.
            return new ReconcileResult(TimeSpan.FromSeconds(1));
        }
        catch (KubernetesException e) when ((int)e.Code is 403 or 422)
        {
            Release(claim.Key());
            var isQuota = e.Message.Contains("exceeded quota", StringComparison.Ordinal);
            return await WaitAsync(
                claim, LoadStatus.Waiting(isQuota ? LoadReasons.QuotaExceeded : LoadReasons.PodRefused, $"the loader's Job is refused: {e.Message}"), RefusalInterval, cancellationToken);
        }
        return await WaitAsync(claim, LoadStatus.Waiting(LoadReasons.Starting, "the loader is being started"), null, cancellationToken);
    }

    private async Task<ReconcileResult> FollowAsync(DatasetClaim claim, DatasetRequest request, string loadKey, V1Job job, CancellationToken cancellationToken)
    {
        slots.Started(claim.Key());
        if (job.Metadata.DeletionTimestamp is not null)
            return ReconcileResult.Done;
        var pods = jobs.PodsOf(job);
        var reports = pods.Select(LoadReport.Of).OfType<LoadReport>().ToList();
        if (reports.FirstOrDefault(report => report.IsLoaded) is { } loaded)
            return await FinishAsync(claim, request, loadKey, loaded, cancellationToken);
        if (job.Status?.Succeeded > 0)
            return await FinishAsync(claim, request, loadKey, null, cancellationToken);

        var last = reports.LastOrDefault();
        if (last?.IsTerminal == true || LoaderJobState.HasFailed(job))
            return await FailAsync(claim, request, job, last, cancellationToken);

        // Stopped for a failure that stands in the condition; its Pod was tidied away since.
        if (last is null && LoaderJobState.IsStopped(job))
            return Release(claim.Key());

        var pod = pods.LastOrDefault(candidate => !candidate.IsOver);
        if (pod?.Status.Phase == "Running")
        {
            var progress = await output.ReadAsync(pod, cancellationToken);
            metrics.Progressed(claim.Key(), progress);
            return progress is null
                ? new ReconcileResult(options.ProgressInterval)
                : await WaitAsync(claim, progress.ToStatus(), options.ProgressInterval, cancellationToken);
        }
        if (pod is not null)
            return await WaitAsync(claim, LoadStatus.Waiting(LoadReasons.Starting, PodProblem.Of(pod)), null, cancellationToken);
        if (last is not null)
            return await WaitAsync(claim, LoadStory.WillRetry(job, last), null, cancellationToken);
        return await WaitAsync(
            claim, await refusals.FindAsync(job, cancellationToken) ?? LoadStatus.Waiting(LoadReasons.Starting, "the loader's Pod is being made"), RefusalInterval, cancellationToken);
    }

    private async Task<ReconcileResult> FinishAsync(
        DatasetClaim claim, DatasetRequest request, string loadKey, LoadReport? report, CancellationToken cancellationToken)
    {
        if (await snapshots.CutAsync(claim, request, loadKey, report?.Digest, cancellationToken) is { } cutting)
            return await WaitAsync(claim, LoadStatus.Waiting(LoadReasons.CuttingSnapshot, cutting), SnapshotInterval, cancellationToken);
        await jobs.RecordAsync(claim, loadKey, report?.Digest, cancellationToken);
        await reporter.ReportAsync(claim, LoadStory.Loaded(claim, request, report), cancellationToken);
        metrics.Finished(claim.Key(), LoadReasons.Loaded, report);
        Release(claim.Key());
        return ReconcileResult.Done;
    }

    private async Task<ReconcileResult> FailAsync(DatasetClaim claim, DatasetRequest request, V1Job job, LoadReport? last, CancellationToken cancellationToken)
    {
        if (last?.IsTerminal == true && !LoaderJobState.IsOver(job) && !LoaderJobState.IsStopped(job))
            await jobs.StopAsync(job, cancellationToken);
        var status = last?.IsTerminal == true ? LoadStory.Failed(job, last) : LoadStory.GaveUp(job, last);
        if (claim.Condition?.Reason != status.Reason)
            metrics.Finished(claim.Key(), status.Reason, last);
        Release(claim.Key());
        if (!LoadReasons.IsAboutCredentials(status.Reason))
            return await WaitAsync(claim, status, null, cancellationToken);

        // A Secret that was mended since, or another one named, is tried without being asked to.
        var secrets = await NamedSecrets.FindAsync(objects, claim.Metadata.NamespaceProperty, request, cancellationToken);
        if (secrets.Problem is null && secrets.Version != LoaderJobs.SecretsVersionOf(job))
        {
            await jobs.DeleteAsync(job, cancellationToken);
            return await WaitAsync(claim, LoadStatus.Waiting(LoadReasons.Starting, "the credential has changed; trying again"), null, cancellationToken);
        }
        return await WaitAsync(claim, status, SecretInterval, cancellationToken);
    }

    private async Task<ReconcileResult> WaitAsync(DatasetClaim claim, LoadStatus status, TimeSpan? again, CancellationToken cancellationToken)
    {
        var held = await reporter.ReportAsync(claim, status, cancellationToken);
        return new ReconcileResult(held is null || held > again ? again : held);
    }

    private ReconcileResult Release(NamespacedName key)
    {
        foreach (var next in slots.Release(key))
            trigger.Queue(next);
        return ReconcileResult.Done;
    }
}
