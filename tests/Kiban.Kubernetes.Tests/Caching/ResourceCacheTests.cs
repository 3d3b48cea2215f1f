using System.Net;
using k8s.Models;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Kiban.Kubernetes.Tests.Caching;

public sealed class ResourceCacheTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Collection_comes_page_by_page_and_what_vanished_unseen_is_told_as_deleted_after_the_last()
    {
        await using var harness = Harness();
        for (var number = 0; number < 25; number++)
            await harness.PutAsync($"cm-{number:00}", "1");
        await harness.StartedAsync();
        harness.Cache.Count.ShouldBe(25);
        harness.RequestCount("list").ShouldBe(3);
        harness.ClearChanges();

        // While nobody watches: one goes, one changes, one comes, and history is forgotten.
        await BreakAsync(harness, async () =>
        {
            await harness.DeleteAsync("cm-03");
            await harness.PutAsync("cm-24", "2");
            await harness.PutAsync("cm-99", "1");
            harness.Server.Compact();
        });

        await harness.UntilAsync("cm-99", "1");
        await Until.TrueAsync(() => harness.Changes.Length == 3, "three changes");
        harness.Changes.ShouldBe(["Deleted cm-03 1 unseen", "Updated cm-24 2", "Added cm-99 1"], ignoreOrder: true);
        harness.RequestCount("list").ShouldBe(6);
    }

    [Fact]
    public async Task Version_compacted_between_two_pages_begins_the_list_again()
    {
        await using var harness = Harness();
        for (var number = 0; number < 25; number++)
            await harness.PutAsync($"cm-{number:00}", "1");
        var compactions = 0;
        harness.Server.BeforeRequest = (request, _) =>
        {
            if (request is { Verb: "list", Detail: not null } && compactions++ < 2)
                harness.Server.Compact();
            return Task.CompletedTask;
        };

        await harness.StartedAsync();

        harness.Cache.Count.ShouldBe(25);
        await Until.TrueAsync(() => harness.Changes.Length == 25, "25 additions");
        compactions.ShouldBe(2, "the third list comes in one piece");
    }

    [Fact]
    public async Task Where_the_server_sends_initial_events_nothing_is_listed()
    {
        await using var harness = Harness();
        harness.Server.ServesWatchList = true;
        await harness.PutAsync("a", "1");
        await harness.StartedAsync();
        await harness.PutAsync("b", "1");
        await harness.UntilAsync("b", "1");

        // Broken off it goes on from its version; with history gone it begins with initial events again, and finds what vanished.
        harness.Server.CutConnections();
        await harness.PutAsync("a", "2");
        await harness.UntilAsync("a", "2");
        await BreakAsync(harness, async () =>
        {
            await harness.DeleteAsync("b");
            harness.Server.Compact();
        });
        await harness.UntilAsync("b", null);

        harness.RequestCount("list").ShouldBe(0);
        harness.RequestCount("watchlist").ShouldBe(2);
        await harness.ToldAsync("Added a 1", "Added b 1", "Updated a 2", "Deleted b 1 unseen");
    }

    [Fact]
    public async Task Server_that_refuses_initial_events_is_not_asked_again()
    {
        await using var harness = await Harness().StartedAsync();
        await BreakAsync(harness, async () =>
        {
            await harness.PutAsync("a", "1");
            harness.Server.Compact();
        });
        await harness.UntilAsync("a", "1");

        harness.RequestCount("list").ShouldBe(2);
        harness.RequestCount("watchlist").ShouldBe(1);
    }

    [Fact]
    public async Task Stream_that_ends_in_good_order_goes_on_from_the_last_bookmark_without_a_list()
    {
        await using var harness = await Harness(new() { WatchTimeout = TimeSpan.FromMilliseconds(50) }).StartedAsync();
        await harness.PutAsync("a", "1");
        await harness.UntilAsync("a", "1");

        // A write to another kind moves the version on; only a bookmark tells the cache.
        await harness.Server.CreateAsync(new V1Secret { Metadata = new V1ObjectMeta { Name = "s", NamespaceProperty = "ns" } }, Cancel);
        var version = (await harness.Server.GetAsync<V1Secret>("s", "ns", Cancel)).Metadata.ResourceVersion;
        await Until.TrueAsync(
            () =>
            {
                harness.Server.SendBookmarks();
                return harness.Server.Requests.ToArray().Any(request => request.Verb == "watch" && request.Detail == version);
            },
            "a watch from the bookmark's version");

        harness.RequestCount("list").ShouldBe(1);
    }

    [Fact]
    public async Task Object_deleted_and_made_anew_unseen_is_told_as_both()
    {
        await using var harness = Harness();
        await harness.PutAsync("a", "1");
        await harness.StartedAsync();
        await BreakAsync(harness, async () =>
        {
            await harness.DeleteAsync("a");
            await harness.PutAsync("a", "2");
            harness.Server.Compact();
        });

        await harness.UntilAsync("a", "2");
        await harness.ToldAsync("Added a 1", "Deleted a 1 unseen", "Added a 2");
    }

    [Fact]
    public async Task Stream_that_repeats_events_tells_each_change_once()
    {
        await using var harness = Harness();
        harness.Server.EventCopies = 3;
        await harness.StartedAsync();
        foreach (var x in (string[])["1", "2", "3"])
            await harness.PutAsync("a", x);
        await harness.DeleteAsync("a");
        await harness.PutAsync("end", "");
        await harness.UntilAsync("end", "");

        await harness.ToldAsync("Added a 1", "Updated a 2", "Updated a 3", "Deleted a 3", "Added end ");
    }

    [Fact]
    public async Task Dead_connection_is_given_up_when_the_stream_should_have_ended()
    {
        var time = new FakeTimeProvider();
        await using var harness = await Harness(new(), time).StartedAsync();
        await Until.TrueAsync(() => harness.Server.OpenWatches == 1, "a watch");
        harness.Server.HangConnections();
        await harness.PutAsync("a", "1");
        time.Advance(TimeSpan.FromMinutes(5));
        harness.RequestCount("watch").ShouldBe(1, "the server may still end the stream");

        await Until.TrueAsync(time, TimeSpan.FromSeconds(30), () => harness.Read("a") == "1", "the change that the dead stream withheld");

        harness.RequestCount("watch").ShouldBe(2);
        harness.RequestCount("list").ShouldBe(1);
    }

    [Fact]
    public async Task Object_that_no_longer_matches_the_selector_leaves()
    {
        var web = new Dictionary<string, string> { ["app"] = "web" };
        await using var harness = Harness(new() { LabelSelector = "app=web" });
        await harness.PutAsync("a", "1", web);
        await harness.PutAsync("b", "1");
        await harness.StartedAsync();
        harness.Cache.List().Select(value => value.Metadata.Name).ShouldBe(["a"]);

        await harness.PutAsync("a", "2", new Dictionary<string, string> { ["app"] = "db" });
        await harness.UntilAsync("a", null);
        await harness.ToldAsync("Added a 1", "Deleted a 1");
    }

    [Fact]
    public async Task Only_what_the_transformation_leaves_is_kept_and_never_managed_fields()
    {
        await using var harness = Harness(new()
        {
            Transform = value => value with { Data = value.Data.Where(pair => pair.Key == "x").ToDictionary() },
        });
        var whole = CacheHarness.ConfigMap("a", "1");
        whole.Data.Add("ballast", new string('b', 1000));
        whole.Metadata.ManagedFields = [new V1ManagedFieldsEntry { Manager = "test" }];
        await harness.Server.CreateAsync(whole, Cancel);
        await harness.StartedAsync();
        whole.Metadata.Name = "b";
        await harness.Server.CreateAsync(whole, Cancel);
        await harness.UntilAsync("b", "1");

        foreach (var value in harness.Cache.List())
        {
            value.Data.Keys.ShouldBe(["x"]);
            value.Metadata.ManagedFields.ShouldBeNull();
        }
    }

    [Fact]
    public async Task Index_follows_every_change()
    {
        await using var harness = Harness();
        harness.Cache.AddIndex("x", value => [value.Data["x"]]);
        await harness.PutAsync("a", "red");
        await harness.PutAsync("b", "red");
        await harness.StartedAsync();
        Find("red").ShouldBe(["a", "b"]);

        await harness.PutAsync("a", "blue");
        await harness.PutAsync("c", "blue");
        await harness.UntilAsync("c", "blue");
        Find("red").ShouldBe(["b"]);
        Find("blue").ShouldBe(["a", "c"]);

        await harness.DeleteAsync("b");
        await harness.UntilAsync("b", null);
        Find("red").ShouldBeEmpty();
        Should.Throw<ArgumentException>(() => harness.Cache.FindByIndex("colour", "red")).Message.ShouldContain("no index 'colour'");

        // An index that comes late files what is there already.
        harness.Cache.AddIndex("name", value => [value.Metadata.Name]);
        harness.Cache.FindByIndex("name", "c").Count.ShouldBe(1);

        IEnumerable<string> Find(string x) => harness.Cache.FindByIndex("x", x).Select(value => value.Metadata.Name).Order();
    }

    [Fact]
    public async Task Subscriber_that_comes_in_the_midst_of_changes_misses_none()
    {
        await using var harness = await Harness().StartedAsync();
        var writing = Task.Run(async () =>
        {
            for (var x = 0; x < 300; x++)
                await harness.PutAsync($"cm-{x % 5}", $"{x}");
        });

        var mirrors = new List<Dictionary<NamespacedName, string>>();
        while (!writing.IsCompleted)
        {
            var mirror = new Dictionary<NamespacedName, string>();
            mirrors.Add(mirror);
            harness.Cache.Subscribe(change =>
            {
                if (change.Type == ResourceChangeType.Added)
                    mirror.Add(change.Key, change.New!.Data["x"]);
                else
                    (mirror[change.Key], change.Old!.Data["x"]).ShouldSatisfyAllConditions(both => both.Item1.ShouldBe(both.Item2));
                mirror[change.Key] = change.New!.Data["x"];
            });
            await Task.Delay(5, Cancel);
        }
        await writing;
        await harness.UntilAsync("cm-4", "299");

        await Until.TrueAsync(() => harness.Changes.LastOrDefault() == "Updated cm-4 299", "the last change told");
        foreach (var mirror in mirrors)
            mirror.ShouldBe(harness.Cache.List().ToDictionary(value => value.Key(), value => value.Data["x"]), ignoreOrder: true);
    }

    [Fact]
    public async Task Subscriber_that_fails_harms_nobody_else()
    {
        await using var harness = Harness();
        harness.Cache.Subscribe(_ => throw new InvalidOperationException("a fault"));
        await harness.StartedAsync();
        await harness.PutAsync("a", "1");

        await harness.UntilAsync("a", "1");
        await harness.ToldAsync("Added a 1");
    }

    [Fact]
    public async Task Disposed_subscription_hears_nothing_more()
    {
        await using var harness = await Harness().StartedAsync();
        var heard = 0;
        harness.Cache.Subscribe(_ => heard++).Dispose();
        await harness.PutAsync("a", "1");
        await harness.UntilAsync("a", "1");

        heard.ShouldBe(0);
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    public async Task Server_that_fails_for_a_while_costs_neither_objects_nor_changes(HttpStatusCode code)
    {
        await using var harness = Harness();
        await harness.PutAsync("a", "1");
        await harness.StartedAsync();
        var refusals = 0;
        harness.Server.BeforeRequest = (request, _) =>
            request.Verb is "list" or "watch" && refusals++ < 6
                ? throw new KubernetesException(code, new V1Status { Message = "out of order" }, "test")
                : Task.CompletedTask;
        await Until.TrueAsync(() => harness.Server.OpenWatches == 1, "a watch");
        harness.Server.CutConnections();
        await harness.PutAsync("b", "1");

        await harness.UntilAsync("b", "1");
        refusals.ShouldBeGreaterThanOrEqualTo(6);
        await harness.ToldAsync("Added a 1", "Added b 1");
    }

    [Fact]
    public async Task Kind_that_is_not_installed_is_an_empty_collection_until_it_is_and_once_it_is_removed()
    {
        var isInstalled = false;
        await using var harness = Harness(new ResourceCacheOptions<V1ConfigMap> { IsOptional = true, AbsenceInterval = TimeSpan.FromMilliseconds(1) });
        harness.Server.BeforeRequest = (request, _) => request.Verb is "list" or "watch" && !isInstalled
            ? throw new KubernetesException(HttpStatusCode.NotFound, new V1Status { Message = "the server could not find the requested resource" }, "test")
            : Task.CompletedTask;
        await harness.PutAsync("a", "1");
        await harness.StartedAsync();
        harness.Cache.List().ShouldBeEmpty();

        isInstalled = true;
        await harness.UntilAsync("a", "1");

        // A server that has just started: not yet is not no longer.
        var answers = 0;
        var usual = harness.Server.BeforeRequest;
        await Until.TrueAsync(() => harness.Server.OpenWatches == 1, "a watch");
        harness.Server.BeforeRequest = (request, token) =>
        {
            isInstalled = ++answers > 3;
            return usual(request, token);
        };
        harness.Server.CutConnections();
        await Until.TrueAsync(() => answers > 3 && harness.Server.OpenWatches == 1, "a watch again");
        await harness.ToldAsync("Added a 1");
        harness.Server.BeforeRequest = usual;

        isInstalled = false;
        await Until.TrueAsync(() => harness.Server.OpenWatches == 1, "a watch");
        harness.Server.CutConnections();
        await harness.UntilAsync("a", null);
        await harness.ToldAsync("Added a 1", "Deleted a 1 unseen");
    }

    [Fact]
    public async Task Cache_stops_at_once_although_its_stream_hangs()
    {
        var harness = await Harness().StartedAsync();
        await Until.TrueAsync(() => harness.Server.OpenWatches == 1, "a watch");
        harness.Server.HangConnections();

        await harness.StopAsync();

        harness.Server.OpenWatches.ShouldBe(0);
        await harness.DisposeAsync();
    }

    private static CacheHarness Harness(ResourceCacheOptions<V1ConfigMap>? options = null, TimeProvider? time = null) =>
        new(new FakeKubernetes(time ?? TimeProvider.System), (options ?? new()) with { PageSize = 10 }, time);

    /// <summary>Breaks the streams off and keeps new ones out while something happens unseen.</summary>
    private static async Task BreakAsync(CacheHarness harness, Func<Task> unseen)
    {
        await Until.TrueAsync(() => harness.Server.OpenWatches == 1, "a watch");
        var over = new TaskCompletionSource();
        harness.Server.BeforeRequest = (request, token) => request.Verb is "list" or "watch" or "watchlist" ? over.Task.WaitAsync(token) : Task.CompletedTask;
        harness.Server.CutConnections();
        await Until.TrueAsync(() => harness.Server.OpenWatches == 0, "no watch");
        var before = harness.Server.BeforeRequest;
        await unseen();
        if (harness.Server.BeforeRequest == before)
            harness.Server.BeforeRequest = (_, _) => Task.CompletedTask;
        over.SetResult();
    }
}
