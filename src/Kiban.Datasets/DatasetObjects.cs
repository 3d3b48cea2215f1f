using Kiban.Datasets.Api;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;

namespace Kiban.Datasets;

/// <summary>Finds claims and Secrets: in the cache, and on the server where that has none, so that one made a moment ago is found.</summary>
internal sealed class DatasetObjects(IKubernetesClient client, IResourceCache<DatasetClaim> claims)
{
    /// <summary>The claim; null where the server has none.</summary>
    public async ValueTask<DatasetClaim?> FindClaimAsync(NamespacedName key, CancellationToken cancellationToken) =>
        claims.Find(key) ?? await client.FindAsync<DatasetClaim>(key.Name, key.Namespace, cancellationToken);

    /// <summary>The Secret, of whatever type it is, as it is on the server now; null where there is none.</summary>
    public Task<CredentialSecret?> FindSecretAsync(string space, string name, CancellationToken cancellationToken) =>
        client.FindAsync<CredentialSecret>(name, space, cancellationToken);
}
