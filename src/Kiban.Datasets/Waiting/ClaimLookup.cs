using Kiban.Datasets.Api;
using Kiban.Datasets.Declaring;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;

namespace Kiban.Datasets.Waiting;

/// <summary>Finds the claims that new Pods use.</summary>
internal sealed class ClaimLookup(IKubernetesClient client, DatasetObjects objects)
{
    /// <summary>
    /// The claim as it matters to the Pod. The cache's word is enough where the Pod then waits (what it waits for is looked at again), and where
    /// no data is asked for, as with most claims; that data is there, the server has to confirm, for the claim may have been made anew since.
    /// </summary>
    public async ValueTask<ConsumedClaim> FindAsync(string space, string name, CancellationToken cancellationToken)
    {
        var claim = await objects.FindClaimAsync(new NamespacedName(space, name), cancellationToken);
        if (claim is not null && ClaimStates.Of(claim) == ClaimState.Loaded)
            claim = await client.FindAsync<DatasetClaim>(name, space, cancellationToken);
        return ConsumedClaim.Of(name, claim);
    }
}
