using Kiban.Credentials.Api;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;

namespace Kiban.Credentials.Admission;

/// <summary>
/// Finds ServiceAccounts and Secrets: in the caches, and on the server where those have none. A Secret or ServiceAccount that was created a
/// moment ago, in the same <c>kubectl apply</c> as the Pod, is thus found, and nothing is refused on the word of a cache alone.
/// </summary>
internal sealed class CredentialObjects(
    IKubernetesClient client,
    IResourceCache<AnnotatedServiceAccount> serviceAccounts,
    IResourceCache<AwsSecret> awsSecrets,
    IResourceCache<GcpSecret> gcpSecrets)
{
    /// <summary>The ServiceAccount; null where the server has none.</summary>
    /// <param name="space">Its namespace.</param>
    /// <param name="name">Its name.</param>
    /// <param name="live">Ask the server in any case.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async ValueTask<AnnotatedServiceAccount?> FindServiceAccountAsync(string space, string name, bool live, CancellationToken cancellationToken) =>
        (live ? null : serviceAccounts.Find(new NamespacedName(space, name)))
        ?? await client.FindAsync<AnnotatedServiceAccount>(name, space, cancellationToken);

    /// <summary>The Secret, of whatever type it is; null where the server has none.</summary>
    public ValueTask<TypedSecret?> FindAwsSecretAsync(string space, string name, Predicate<TypedSecret> isUsable, CancellationToken cancellationToken) =>
        FindSecretAsync(awsSecrets, space, name, isUsable, cancellationToken);

    /// <inheritdoc cref="FindAwsSecretAsync"/>
    public ValueTask<TypedSecret?> FindGcpSecretAsync(string space, string name, Predicate<TypedSecret> isUsable, CancellationToken cancellationToken) =>
        FindSecretAsync(gcpSecrets, space, name, isUsable, cancellationToken);

    private async ValueTask<TypedSecret?> FindSecretAsync<T>(
        IResourceCache<T> cache, string space, string name, Predicate<TypedSecret> isUsable, CancellationToken cancellationToken)
        where T : TypedSecret
    {
        var cached = cache.Find(new NamespacedName(space, name));
        return cached is not null && isUsable(cached) ? cached : await client.FindAsync<T>(name, space, cancellationToken);
    }
}
