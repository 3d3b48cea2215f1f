using System.Text.Json.Nodes;
using Kiban.Kubernetes.Client;

namespace Kiban.Manager.Tests.Hosting;

/// <summary>
/// An installation of a test's own: a namespace for Lease and certificates, a namespace of users, and webhook configurations under a name
/// of their own that concern only the latter.
/// </summary>
internal sealed class ManagerEnvironment : IAsyncDisposable
{
    private const string Configurations = "/apis/admissionregistration.k8s.io/v1/";
    private static readonly string[] ConfigurationKinds = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];

    private readonly AuditedControlPlane _cluster;

    private ManagerEnvironment(AuditedControlPlane cluster, string system, string users) => (_cluster, System, Users) = (cluster, system, users);

    /// <summary>Namespace of the manager.</summary>
    public string System { get; }

    /// <summary>Namespace in which Pods and Secrets are made.</summary>
    public string Users { get; }

    /// <summary>Settings of a manager in this environment.</summary>
    public IReadOnlyList<string> Settings => [$"Admission:Namespace={System}", $"Admission:ConfigurationName={System}"];

    /// <summary>Makes the namespaces and the empty configurations.</summary>
    public static async Task<ManagerEnvironment> CreateAsync(AuditedControlPlane cluster)
    {
        var environment = new ManagerEnvironment(cluster, await cluster.CreateNamespaceAsync("manager"), await cluster.CreateNamespaceAsync("users"));
        foreach (var kind in ConfigurationKinds)
        {
            await cluster.Client.SendAsync(
                HttpMethod.Post, PathOf(kind),
                new JsonObject
                {
                    ["apiVersion"] = "admissionregistration.k8s.io/v1",
                    ["kind"] = kind,
                    ["metadata"] = new JsonObject { ["name"] = environment.System },
                },
                "application/json", TestContext.Current.CancellationToken);
        }

        return environment;
    }

    /// <summary>Starts a manager here.</summary>
    public ManagerProcess Start(params string[] settings) => ManagerProcess.Start(_cluster.KubeconfigPath, [.. Settings, .. settings]);

    /// <summary>Waits until both configurations are filled.</summary>
    public Task WaitForRegistrationAsync() => Eventually.BecomesTrueAsync("the webhooks are registered", async () =>
    {
        foreach (var kind in ConfigurationKinds)
        {
            var configuration = await _cluster.Client.SendAsync(HttpMethod.Get, $"{PathOf(kind)}/{System}", null, "application/json", TestContext.Current.CancellationToken);
            if (configuration!["webhooks"] is not JsonArray { Count: > 0 })
                return false;
        }

        return true;
    });

    /// <summary>Takes the webhooks out of both configurations, as somebody's mistake would.</summary>
    public async Task ClearRegistrationAsync()
    {
        foreach (var kind in ConfigurationKinds)
        {
            await _cluster.Client.SendAsync(
                HttpMethod.Patch, $"{PathOf(kind)}/{System}", new JsonObject { ["webhooks"] = null }, "application/merge-patch+json", TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var kind in ConfigurationKinds)
            await _cluster.Client.SendAsync(HttpMethod.Delete, $"{PathOf(kind)}/{System}", null, "application/json", CancellationToken.None);
        await _cluster.KubectlAsync("delete", "namespace", System, Users, "--wait=false");
    }

    private static string PathOf(string kind) => $"{Configurations}{kind.ToLowerInvariant()}s";
}
