using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Controllers;
using Kiban.Kubernetes.Events;
using Kiban.Kubernetes.Finalizers;

namespace Kiban.Kubernetes.Tests.Documentation;

/// <summary>Gives each team its quota.</summary>
internal sealed class TeamReconciler(
    IKubernetesClient client,
    IResourceCache<V1Namespace> teams,
    IResourceCache<V1ConfigMap> sizes,
    IResourceCache<V1ResourceQuota> quotas,
    IAccounts accounts,
    IEventRecorder events) : IReconciler
{
    /// <inheritdoc/>
    public async Task<ReconcileResult> ReconcileAsync(NamespacedName key, CancellationToken cancellationToken)
    {
        if (teams.Find(key) is not { } team)
            return ReconcileResult.Done;
        if (team.Metadata.DeletionTimestamp is not null)
        {
            await accounts.CloseAsync(team.Metadata.Name, cancellationToken);
            await client.RemoveFinalizerAsync(team, TeamsApi.Finalizer, cancellationToken);
            return ReconcileResult.Done;
        }
        if (await client.AddFinalizerAsync(team, TeamsApi.Finalizer, cancellationToken) is null)
            return ReconcileResult.Done;
        await accounts.OpenAsync(team.Metadata.Name, cancellationToken);

        var size = TeamRules.SizeOf(team);
        if (TeamRules.Processors(sizes.List(), size) is not { } processors)
        {
            events.Record(team, EventType.Warning, "UnknownSize", "Limit", $"The label {TeamsApi.SizeLabel} says {size}, which no ConfigMap {TeamsApi.SizesName} has.");
            return ReconcileResult.Done;
        }

        var desired = TeamRules.Quota(team, processors);
        if (!TeamRules.IsAsDesired(quotas.Find(desired.Key()), desired))
            await client.ApplyAsync(desired, TeamsApi.FieldManager, cancellationToken);
        return ReconcileResult.Done;
    }
}
