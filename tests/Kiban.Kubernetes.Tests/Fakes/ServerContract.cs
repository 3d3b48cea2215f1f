using System.Net;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Tests.Caching;
using KubernetesException = Kiban.Kubernetes.Client.KubernetesException;

namespace Kiban.Kubernetes.Tests.Fakes;

/// <summary>What the runtime relies on in an API server. Both the real one and the fake are held to it.</summary>
public abstract class ServerContract
{
    protected abstract IKubernetesClient Client { get; }

    private protected static CancellationToken Cancel => TestContext.Current.CancellationToken;

    protected abstract Task<string> NewNamespaceAsync();

    protected abstract Task CompactAsync();

    [Fact]
    public async Task Pages_show_the_collection_at_one_moment()
    {
        var ns = await FilledNamespaceAsync(7);
        var first = await Client.ListPageAsync<V1ConfigMap>(ns, Mine with { Limit = 3 }, Cancel);
        await Client.DeleteAsync<V1ConfigMap>("cm-6", ns, Cancel);
        var second = await Client.ListPageAsync<V1ConfigMap>(ns, Mine with { Limit = 3, Continue = first.Continue }, Cancel);
        var third = await Client.ListPageAsync<V1ConfigMap>(ns, Mine with { Limit = 3, Continue = second.Continue }, Cancel);

        first.Items.Concat(second.Items).Concat(third.Items).Select(value => value.Metadata.Name)
            .ShouldBe(["cm-0", "cm-1", "cm-2", "cm-3", "cm-4", "cm-5", "cm-6"]);
        third.Continue.ShouldBeNull();
        third.ResourceVersion.ShouldBe(first.ResourceVersion);
    }

    [Fact]
    public async Task Page_after_a_compaction_is_gone_or_else_still_of_the_same_moment()
    {
        var ns = await FilledNamespaceAsync(4);
        var first = await Client.ListPageAsync<V1ConfigMap>(ns, Mine with { Limit = 2 }, Cancel);
        await PutAsync(ns, "cm-3", "2");
        await CompactAsync();

        try
        {
            // Newer servers keep snapshots in their watch cache, which etcd's compaction does not touch.
            var second = await Client.ListPageAsync<V1ConfigMap>(ns, Mine with { Limit = 2, Continue = first.Continue }, Cancel);
            second.Items.Select(value => value.Data["x"]).ShouldBe(["1", "1"]);
        }
        catch (KubernetesException exception)
        {
            exception.IsGone.ShouldBeTrue();
        }
    }

    [Fact]
    public async Task Watch_tells_everything_after_its_version_in_order_and_the_version_of_each_event_resumes_it()
    {
        var ns = await FilledNamespaceAsync(1);
        var version = (await Client.ListPageAsync<V1ConfigMap>(ns, Mine, Cancel)).ResourceVersion;
        await PutAsync(ns, "cm-0", "2");
        await PutAsync(ns, "cm-1", "1");
        await Client.DeleteAsync<V1ConfigMap>("cm-0", ns, Cancel);
        await PutAsync(ns, "cm-2", "1");

        var all = await WatchAsync(ns, version, 4);
        all.Select(Name).ShouldBe(["Modified cm-0", "Added cm-1", "Deleted cm-0", "Added cm-2"]);
        all[2].Object.Data["x"].ShouldBe("2", "a deletion shows the last state");
        for (var seen = 1; seen < all.Count; seen++)
        {
            long.Parse(all[seen].Object.Metadata.ResourceVersion, null).ShouldBeGreaterThan(long.Parse(all[seen - 1].Object.Metadata.ResourceVersion, null));
            (await WatchAsync(ns, all[seen - 1].Object.Metadata.ResourceVersion, 4 - seen)).Select(Name).ShouldBe(all[seen..].Select(Name));
        }
    }

    [Fact]
    public async Task Object_that_leaves_the_selector_is_told_as_deleted_and_one_that_comes_into_it_as_added()
    {
        var ns = await FilledNamespaceAsync(1);
        var version = (await Client.ListPageAsync<V1ConfigMap>(ns, Mine, Cancel)).ResourceVersion;
        await PutAsync(ns, "cm-0", "1", mine: false);
        await PutAsync(ns, "cm-0", "2", mine: true);

        (await WatchAsync(ns, version, 2)).Select(Name).ShouldBe(["Deleted cm-0", "Added cm-0"]);
    }

    [Fact]
    public async Task Write_from_an_old_version_conflicts_and_one_that_changes_nothing_keeps_the_version()
    {
        var ns = await FilledNamespaceAsync(1);
        var old = await Client.GetAsync<V1ConfigMap>("cm-0", ns, Cancel);
        var same = await Client.ReplaceAsync(old, Cancel);
        same.Metadata.ResourceVersion.ShouldBe(old.Metadata.ResourceVersion);
        await PutAsync(ns, "cm-0", "2");
        old.Data["x"] = "3";

        (await Should.ThrowAsync<KubernetesException>(() => Client.ReplaceAsync(old, Cancel))).IsConflict.ShouldBeTrue();
        (await Should.ThrowAsync<KubernetesException>(() => Client.CreateAsync(CacheHarness.ConfigMap("cm-0", "1", ns), Cancel))).IsConflict.ShouldBeTrue();
        (await Client.FindAsync<V1ConfigMap>("cm-9", ns, Cancel)).ShouldBeNull();
        (await Client.DeleteAsync<V1ConfigMap>("cm-9", ns, Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task Initial_events_end_with_a_marked_bookmark_or_are_refused_as_invalid()
    {
        var ns = await FilledNamespaceAsync(2);
        var seen = new List<string>();
        try
        {
            await foreach (var change in Client.WatchAsync<V1ConfigMap>(ns, new WatchOptions { LabelSelector = Mine.LabelSelector, SendInitialEvents = true, Timeout = TimeSpan.FromSeconds(20) }, Cancel))
            {
                if (change.Type != WatchEventType.Bookmark)
                {
                    seen.Add(change.Object.Metadata.Name);
                    continue;
                }
                change.Object.Metadata.Annotations["k8s.io/initial-events-end"].ShouldBe("true");
                seen.Order().ShouldBe(["cm-0", "cm-1"]);
                return;
            }
            Assert.Fail("the stream ended without a bookmark");
        }
        catch (KubernetesException exception)
        {
            exception.Code.ShouldBe(HttpStatusCode.UnprocessableEntity);
            seen.ShouldBeEmpty();
        }
    }

    private static ListOptions Mine { get; } = new() { LabelSelector = "mine=yes" };

    private static string Name(WatchEvent<V1ConfigMap> change) => $"{change.Type} {change.Object.Metadata.Name}";

    private async Task<string> FilledNamespaceAsync(int count)
    {
        var ns = await NewNamespaceAsync();
        for (var number = 0; number < count; number++)
            await PutAsync(ns, $"cm-{number}", "1");
        return ns;
    }

    private Task<V1ConfigMap> PutAsync(string ns, string name, string x, bool mine = true) =>
        Client.ApplyAsync(CacheHarness.ConfigMap(name, x, ns, new Dictionary<string, string> { ["mine"] = mine ? "yes" : "no" }), "test", Cancel);

    private async Task<List<WatchEvent<V1ConfigMap>>> WatchAsync(string ns, string version, int count)
    {
        var seen = new List<WatchEvent<V1ConfigMap>>();
        var options = new WatchOptions { LabelSelector = Mine.LabelSelector, ResourceVersion = version, Timeout = TimeSpan.FromSeconds(20) };
        await foreach (var change in Client.WatchAsync<V1ConfigMap>(ns, options, Cancel))
        {
            if (change.Type != WatchEventType.Bookmark)
                seen.Add(change);
            if (seen.Count == count)
                break;
        }
        return seen;
    }
}
