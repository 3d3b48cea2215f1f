namespace Kiban.Manager.Tests.Deployment;

/// <summary>
/// Tests that apply <c>deploy/</c> or register webhooks share what is cluster-wide, so they run one after another and each leaves nothing behind.
/// </summary>
[CollectionDefinition(nameof(DeployedObjects))]
public sealed class DeployedObjects
{
    /// <summary>Removes all that any overlay makes, and waits until it is gone.</summary>
    public static async Task RemoveAsync(AuditedControlPlane cluster)
    {
        await cluster.KubectlAsync(
            "delete", "mutatingwebhookconfigurations,validatingwebhookconfigurations,clusterroles,clusterrolebindings", "-l", "app.kubernetes.io/name=kiban");
        await cluster.KubectlAsync("delete", "namespace", "kiban-system", "--ignore-not-found", "--timeout=60s");
    }
}
