using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.Testing;
using KubernetesException = Kiban.Kubernetes.Client.KubernetesException;

namespace Kiban.Kubernetes.Tests.Client;

/// <summary>The client against a real API server, over HTTP/2 and mutual TLS.</summary>
public sealed class RealServerTests(ControlPlaneFixture cluster) : IDisposable
{
    private readonly KubernetesClient _client = new(KubernetesConnection.FromKubeconfig(cluster.KubeconfigPath));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task Object_lives_through_all_verbs()
    {
        var ns = await cluster.CreateNamespaceAsync("verbs", Cancel);
        var created = await _client.CreateAsync(ConfigMap(ns, "a", "1"), Cancel);
        created.Metadata.Uid.ShouldNotBeNullOrEmpty();
        (await Should.ThrowAsync<KubernetesException>(() => _client.CreateAsync(ConfigMap(ns, "a", "1"), Cancel))).IsConflict.ShouldBeTrue();

        created.Data["x"] = "2";
        var replaced = await _client.ReplaceAsync(created, Cancel);
        (await Should.ThrowAsync<KubernetesException>(() => _client.ReplaceAsync(created, Cancel))).IsConflict.ShouldBeTrue();

        var dry = await _client.PatchAsync<V1ConfigMap>("a", ns, ObjectPatch.Merge(new JsonObject { ["data"] = new JsonObject { ["x"] = "3" } }), Cancel, new WriteOptions { DryRun = true });
        dry.Data["x"].ShouldBe("3");
        (await _client.GetAsync<V1ConfigMap>("a", ns, Cancel)).ShouldSatisfyAllConditions(
            stored => stored.Data["x"].ShouldBe("2"), stored => stored.Metadata.ResourceVersion.ShouldBe(replaced.Metadata.ResourceVersion));

        (await Should.ThrowAsync<KubernetesException>(() => _client.DeleteAsync<V1ConfigMap>("a", ns, Cancel, new DeleteOptions { Uid = "another" }))).IsConflict.ShouldBeTrue();
        (await Should.ThrowAsync<KubernetesException>(() => _client.DeleteAsync<V1ConfigMap>("a", ns, Cancel, new DeleteOptions { ResourceVersion = "1" }))).IsConflict.ShouldBeTrue();
        (await _client.DeleteAsync<V1ConfigMap>("a", ns, Cancel, new DeleteOptions { DryRun = true })).ShouldBeTrue();
        (await _client.DeleteAsync<V1ConfigMap>("a", ns, Cancel, new DeleteOptions { Uid = created.Metadata.Uid })).ShouldBeTrue();
        (await _client.DeleteAsync<V1ConfigMap>("a", ns, Cancel)).ShouldBeFalse();
        (await _client.FindAsync<V1ConfigMap>("a", ns, Cancel)).ShouldBeNull();
    }

    [Fact]
    public async Task Applied_fields_are_owned_and_conflicts_are_told_or_forced()
    {
        var ns = await cluster.CreateNamespaceAsync("apply", Cancel);
        var first = await _client.ApplyAsync(ConfigMap(ns, "a", "1"), "first", Cancel);
        first.Metadata.ManagedFields.Single().ShouldSatisfyAllConditions(entry => entry.Manager.ShouldBe("first"), entry => entry.Operation.ShouldBe("Apply"));

        var conflict = await Should.ThrowAsync<KubernetesException>(() => _client.ApplyAsync(ConfigMap(ns, "a", "2"), "second", Cancel, new WriteOptions { Force = false }));
        conflict.IsConflict.ShouldBeTrue();
        conflict.Message.ShouldContain("first");

        // What was read, managed fields and version and all, may be applied.
        first.Data["x"] = "3";
        (await _client.ApplyAsync(first, "second", Cancel)).Data["x"].ShouldBe("3");
    }

    [Fact]
    public async Task Status_is_applied_apart_from_the_rest()
    {
        var ns = await cluster.CreateNamespaceAsync("status", Cancel);
        await _client.ApplyAsync(Claim(ns), "test", Cancel);

        var status = new V1PersistentVolumeClaim
        {
            Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = ns },
            Status = new V1PersistentVolumeClaimStatus { Phase = "Lost" },
        };
        var applied = await _client.ApplyAsync(status, "test-status", Cancel, new WriteOptions { Subresource = "status" });

        applied.Status.Phase.ShouldBe("Lost");
        applied.Spec.AccessModes.ShouldBe(["ReadWriteOnce"]);
    }

    [Fact]
    public async Task Watch_from_a_list_misses_nothing()
    {
        var ns = await cluster.CreateNamespaceAsync("watch", Cancel);
        await _client.CreateAsync(ConfigMap(ns, "before", "1"), Cancel);
        var page = await _client.ListPageAsync<V1ConfigMap>(ns, new ListOptions(), Cancel);
        var created = await _client.CreateAsync(ConfigMap(ns, "after", "1"), Cancel);
        created.Data["x"] = "2";
        await _client.ReplaceAsync(created, Cancel);
        await _client.DeleteAsync<V1ConfigMap>("before", ns, Cancel);

        var seen = new List<string>();
        await foreach (var watched in _client.WatchAsync<V1ConfigMap>(ns, new WatchOptions { ResourceVersion = page.ResourceVersion, Timeout = TimeSpan.FromMinutes(1) }, Cancel))
        {
            seen.Add($"{watched.Type} {watched.Object.Metadata.Name}");
            if (watched.Type == WatchEventType.Deleted)
            {
                break;
            }
        }

        seen.ShouldBe(["Added after", "Modified after", "Deleted before"]);
    }

    [Fact]
    public async Task All_pages_make_one_list_at_one_version()
    {
        var ns = await cluster.CreateNamespaceAsync("pages", Cancel);
        for (var i = 0; i < 5; i++)
        {
            await _client.CreateAsync(ConfigMap(ns, $"c{i}", "1"), Cancel);
        }

        var all = await _client.ListAllAsync<V1ConfigMap>(ns, new ListOptions { Limit = 2, LabelSelector = "test=yes" }, Cancel);

        all.Items.Select(item => item.Metadata.Name).ShouldBe(["c0", "c1", "c2", "c3", "c4"]);
        all.Continue.ShouldBeNull();
        all.ResourceVersion.ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Initial_events_come_with_their_end_or_are_refused_where_they_are_not_served()
    {
        var ns = await cluster.CreateNamespaceAsync("initial", Cancel);
        await _client.CreateAsync(ConfigMap(ns, "a", "1"), Cancel);
        var seen = new List<string>();

        async Task WatchAsync()
        {
            await foreach (var watched in _client.WatchAsync<V1ConfigMap>(ns, new WatchOptions { SendInitialEvents = true, LabelSelector = "test=yes", Timeout = TimeSpan.FromMinutes(1) }, Cancel))
            {
                seen.Add($"{watched.Type} {watched.Object.Metadata.Name}");
                if (watched.Object.Metadata.Annotations?.ContainsKey("k8s.io/initial-events-end") == true)
                {
                    break;
                }
            }
        }

        if (cluster.Version.Minor < 27)
        {
            ((int)(await Should.ThrowAsync<KubernetesException>(WatchAsync)).Code).ShouldBe(422);
        }
        else
        {
            await WatchAsync();
            seen.ShouldBe(["Added a", "Bookmark "]);
        }
    }

    [Fact]
    public async Task Impersonated_groups_arrive_each_by_itself()
    {
        var connection = KubernetesConnection.FromKubeconfig(cluster.KubeconfigPath);
        using var client = new KubernetesClient(new KubernetesConnection
        {
            Server = connection.Server,
            CertificateAuthority = connection.CertificateAuthority,
            ClientCertificate = connection.ClientCertificate,
            ClientKey = connection.ClientKey,
            Impersonate = new Impersonation { User = "jane", Groups = ["test:first", "system:masters"] },
        });

        (await client.ListPageAsync<V1Secret>(null, new ListOptions { Limit = 1 }, Cancel)).ShouldNotBeNull();
    }

    private static V1ConfigMap ConfigMap(string ns, string name, string value) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = ns, Labels = new Dictionary<string, string> { ["test"] = "yes" } },
        Data = new Dictionary<string, string> { ["x"] = value },
    };

    private static V1PersistentVolumeClaim Claim(string ns) => new()
    {
        Metadata = new V1ObjectMeta { Name = "a", NamespaceProperty = ns },
        Spec = new V1PersistentVolumeClaimSpec
        {
            AccessModes = ["ReadWriteOnce"],
            Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new("1Gi") } },
        },
    };
}
