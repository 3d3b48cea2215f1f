using System.Text.Json.Nodes;
using k8s.Models;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Admission.Registration;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.Testing;

namespace Kiban.Kubernetes.Tests.Admission;

/// <summary>
/// An installation of the admission server on the real API server that shares nothing with those of other tests: its own system namespace,
/// its own configurations, and webhooks that see only its own namespace of Pods.
/// </summary>
internal sealed class RealAdmission : IAsyncDisposable
{
    private readonly ControlPlaneFixture _cluster;
    private readonly CancellationTokenSource _patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private RealAdmission(ControlPlaneFixture cluster, string system, string pods)
    {
        (_cluster, System, Pods) = (cluster, system, pods);
        _patience.CancelAfter(TimeSpan.FromMinutes(3));
        Client = new KubernetesClient(KubernetesConnection.FromKubeconfig(cluster.KubeconfigPath));
    }

    public KubernetesClient Client { get; }

    /// <summary>The program's namespace; the configurations are named like it.</summary>
    public string System { get; }

    /// <summary>The namespace in which the webhooks are called.</summary>
    public string Pods { get; }

    public RoundRobin Service { get; } = new();

    /// <summary>Ends a test that waits in vain.</summary>
    public CancellationToken Cancel => _patience.Token;

    public static async Task<RealAdmission> InstallAsync(ControlPlaneFixture cluster)
    {
        var system = await cluster.CreateNamespaceAsync("system", TestContext.Current.CancellationToken);
        var pods = await cluster.CreateNamespaceAsync("pods", TestContext.Current.CancellationToken);
        await cluster.KubectlAsync("label", "namespace", pods, $"test={system}");
        var installation = new RealAdmission(cluster, system, pods);
        await installation.CreateConfigurationsAsync();
        return installation;
    }

    /// <summary>The two empty configurations, as an installation ships them.</summary>
    public Task CreateConfigurationsAsync() => _cluster.ApplyAsync(
        $$"""
        apiVersion: admissionregistration.k8s.io/v1
        kind: MutatingWebhookConfiguration
        metadata: {name: {{System}}}
        ---
        apiVersion: admissionregistration.k8s.io/v1
        kind: ValidatingWebhookConfiguration
        metadata: {name: {{System}}}
        """,
        cancellationToken: Cancel);

    /// <summary>A webhook that fails closed on the creation of Pods in this installation's namespace.</summary>
    public AdmissionWebhook OnPods(string path, bool mutating, params MatchCondition[] conditions)
    {
        var webhook = DelegateHandler.OnPods(path, mutating);
        return webhook with
        {
            Entries = [webhook.Entries[0] with { NamespaceSelector = [new LabelRequirement("test", "In", System)], MatchConditions = conditions }],
        };
    }

    public async Task<AdmissionServer> StartReplicaAsync(IEnumerable<IAdmissionHandler> handlers, Action<AdmissionOptions>? configure = null)
    {
        var replica = await AdmissionServer.StartAsync(
            Client, handlers,
            options =>
            {
                options.Namespace = System;
                options.ConfigurationName = System;
                options.Url = Service.Address;
                configure?.Invoke(options);
            });
        Service.Add(replica);
        return replica;
    }

    /// <summary>Lets a replica lead until what is returned is disposed of.</summary>
    public static IAsyncDisposable Lead(AdmissionServer replica) => new Term(replica.Leader).Begin();

    public Task<MutatingWebhookConfiguration> MutatingAsync() => Client.GetAsync<MutatingWebhookConfiguration>(System, null, Cancel);

    public Task<ValidatingWebhookConfiguration> ValidatingAsync() => Client.GetAsync<ValidatingWebhookConfiguration>(System, null, Cancel);

    /// <summary>Returns when both configurations are as wanted.</summary>
    public async Task WaitForAsync(Func<JsonArray, JsonArray, bool> condition, string what)
    {
        while (true)
        {
            var mutating = await Client.FindAsync<MutatingWebhookConfiguration>(System, null, CancellationToken.None);
            var validating = await Client.FindAsync<ValidatingWebhookConfiguration>(System, null, CancellationToken.None);
            if (mutating is not null && validating is not null && condition(mutating.Webhooks ?? [], validating.Webhooks ?? []))
                return;
            Cancel.IsCancellationRequested.ShouldBeFalse($"waited in vain: {what}");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    public V1Pod Pod(string name) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = Pods },
        Spec = new V1PodSpec { Containers = [new V1Container { Name = "main", Image = "none" }] },
    };

    public async ValueTask DisposeAsync()
    {
        // What fails closed must not outlive its servers.
        await Client.DeleteAsync<MutatingWebhookConfiguration>(System, null, CancellationToken.None);
        await Client.DeleteAsync<ValidatingWebhookConfiguration>(System, null, CancellationToken.None);
        await Service.DisposeAsync();
        Client.Dispose();
        _patience.Dispose();
    }

    private sealed class Term(AdmissionLeader leader) : IAsyncDisposable
    {
        private readonly CancellationTokenSource _lost = new();
        private Task? _work;

        public Term Begin()
        {
            _work = leader.RunAsync(_lost.Token);
            return this;
        }

        public async ValueTask DisposeAsync()
        {
            if (_work is not { } work)
                return;
            _work = null;
            await _lost.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => work);
            _lost.Dispose();
        }
    }
}
