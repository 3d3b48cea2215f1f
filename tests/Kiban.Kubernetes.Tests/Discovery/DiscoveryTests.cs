using System.Text.Json.Nodes;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.Kubernetes.Discovery;
using Kiban.Kubernetes.Tests.Client;
using Kiban.Testing;
using Microsoft.Extensions.Time.Testing;

namespace Kiban.Kubernetes.Tests.Discovery;

public sealed class DiscoveryTests(ControlPlaneFixture cluster)
{
    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("1.20", 20, "v1beta1")]
    [InlineData("1.36", 36, "v1")]
    public async Task Catalogue_of_a_release_names_what_it_serves(string release, int minor, string budgets)
    {
        await using var server = await RecordedAnswers.ServeAsync(RecordedAnswers.Of(release));
        using var client = ClientOf(server);
        var discovery = new DiscoveryClient(client, _time);

        var version = await discovery.GetVersionAsync(Cancel);
        var catalog = await discovery.GetCatalogAsync(Cancel);

        (version.Major, version.Minor).ShouldBe((1, minor));
        version.IsAtLeast(1, 20).ShouldBeTrue();
        version.IsAtLeast(1, 37).ShouldBeFalse();
        version.IsAtLeast(0, 99).ShouldBeTrue();
        catalog.Find("policy", "PodDisruptionBudget")!.Kind.ShouldBe(new ResourceKind("policy", budgets, "PodDisruptionBudget", "poddisruptionbudgets"));
        catalog.Find("", "Pod")!.ShouldSatisfyAllConditions(
            pods => pods.Kind.ShouldBe(new ResourceKind("", "v1", "Pod", "pods")),
            pods => pods.IsNamespaced.ShouldBeTrue(),
            pods => pods.Verbs.ShouldContain("watch"),
            pods => pods.Subresources.ShouldContain("status"));
        catalog.Find("", "Node")!.IsNamespaced.ShouldBeFalse();
        catalog.Find("", "Nothing").ShouldBeNull();
        catalog.Find("nothing.example", "Thing").ShouldBeNull();
        catalog.IsServed(new ResourceKind("events.k8s.io", "v1", "Event", "events")).ShouldBeTrue();
        catalog.IsServed(new ResourceKind("extensions", "v1beta1", "Ingress", "ingresses")).ShouldBe(minor == 20);
    }

    [Fact]
    public async Task Current_server_is_asked_twice_and_an_old_one_once_a_version()
    {
        await using var old = await RecordedAnswers.ServeAsync(RecordedAnswers.Of("1.20"));
        await using var current = await RecordedAnswers.ServeAsync(RecordedAnswers.Of("1.36"));
        using var oldClient = ClientOf(old);
        using var currentClient = ClientOf(current);

        await new DiscoveryClient(oldClient, _time).GetCatalogAsync(Cancel);
        await new DiscoveryClient(currentClient, _time).GetCatalogAsync(Cancel);

        current.Requests.Select(request => request.PathAndQuery).ShouldBe(["/api", "/apis"]);
        old.Requests.Count.ShouldBe(RecordedAnswers.Of("1.20").Count - 1);
        old.Requests.First().Headers["Accept"].ShouldContain("as=APIGroupDiscoveryList");
    }

    [Fact]
    public async Task Group_whose_server_is_away_does_not_hide_the_others()
    {
        var old = RecordedAnswers.Of("1.20");
        old.Remove("/apis/batch/v1beta1");
        var current = RecordedAnswers.Of("1.36");
        var metrics = JsonNode.Parse("""{"metadata":{"name":"metrics.k8s.io"},"versions":[{"version":"v1beta1","freshness":"Stale"}]}""");
        ((JsonArray)current["/apis"]!["items"]!).Add(metrics);
        await using var oldServer = await RecordedAnswers.ServeAsync(old);
        await using var currentServer = await RecordedAnswers.ServeAsync(current);
        using var oldClient = ClientOf(oldServer);
        using var currentClient = ClientOf(currentServer);

        var oldCatalog = await new DiscoveryClient(oldClient, _time).GetCatalogAsync(Cancel);
        var currentCatalog = await new DiscoveryClient(currentClient, _time).GetCatalogAsync(Cancel);

        oldCatalog.FindGroup("batch")!.Versions.ShouldBe(["v1"]);
        oldCatalog.FindGroup("batch")!.UnavailableVersions.ShouldBe(["v1beta1"]);
        oldCatalog.Find("batch", "Job").ShouldNotBeNull();
        currentCatalog.FindGroup("metrics.k8s.io")!.UnavailableVersions.ShouldBe(["v1beta1"]);
        currentCatalog.Find("batch", "Job").ShouldNotBeNull();
    }

    [Fact]
    public async Task Answers_are_kept_for_ten_minutes_or_until_they_are_forgotten()
    {
        var answers = RecordedAnswers.Of("1.36");
        await using var server = await RecordedAnswers.ServeAsync(answers);
        using var client = ClientOf(server);
        var discovery = new DiscoveryClient(client, _time);
        var kind = new ResourceKind("", "v1", "Pod", "pods");

        await Task.WhenAll(discovery.IsServedAsync(kind, Cancel), discovery.IsServedAsync(kind, Cancel));
        _time.Advance(TimeSpan.FromMinutes(9));
        await discovery.IsServedAsync(kind, Cancel);
        server.Requests.Count.ShouldBe(2);

        _time.Advance(TimeSpan.FromMinutes(1));
        await discovery.IsServedAsync(kind, Cancel);
        server.Requests.Count.ShouldBe(4);

        answers["/api"] = JsonNode.Parse("""{"kind":"APIGroupDiscoveryList","items":[]}""");
        discovery.Forget();
        (await discovery.IsServedAsync(kind, Cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task Failure_is_not_kept()
    {
        var answers = new JsonObject();
        await using var server = await RecordedAnswers.ServeAsync(answers);
        using var client = ClientOf(server);
        var discovery = new DiscoveryClient(client, _time);
        await Should.ThrowAsync<KubernetesException>(() => discovery.GetVersionAsync(Cancel));

        answers["/version"] = JsonNode.Parse("""{"major":"1","minor":"29+","gitVersion":"v1.29.3-gke.1282001"}""");

        (await discovery.GetVersionAsync(Cancel)).ShouldBe(new ServerVersion(1, 29, "v1.29.3-gke.1282001"));
    }

    [Fact]
    public async Task Real_server_is_discovered()
    {
        using var client = new KubernetesClient(KubernetesConnection.FromKubeconfig(cluster.KubeconfigPath));
        var discovery = new DiscoveryClient(client, TimeProvider.System);

        var catalog = await discovery.GetCatalogAsync(Cancel);

        (await discovery.GetVersionAsync(Cancel)).Minor.ShouldBe(cluster.Version.Minor);
        catalog.Groups.SelectMany(group => group.UnavailableVersions).ShouldBeEmpty();
        catalog.Find("apps", "Deployment")!.Subresources.ShouldContain("scale");
    }

    [Theory]
    [InlineData(ServerCapability.EventsV1, 20)]
    [InlineData(ServerCapability.WatchList, 34)]
    [InlineData(ServerCapability.SchedulingGates, 27)]
    [InlineData(ServerCapability.SidecarContainers, 29)]
    [InlineData(ServerCapability.EphemeralVolumes, 21)]
    public async Task Real_server_can_do_what_its_release_can(ServerCapability capability, int since)
    {
        using var client = new KubernetesClient(KubernetesConnection.FromKubeconfig(cluster.KubeconfigPath));
        var capabilities = new ServerCapabilities(client, new DiscoveryClient(client, TimeProvider.System), TimeProvider.System, "default");

        (await capabilities.HasAsync(capability, Cancel)).ShouldBe(cluster.Version.Minor >= since);
    }

    [Theory]
    [InlineData("1.20", false)]
    [InlineData("1.36", true)]
    public async Task Release_decides_where_asking_is_forbidden(string release, bool can)
    {
        var answers = RecordedAnswers.Of(release);
        await using var server = await ScriptedServer.StartAsync(context => context.Request.Method == "GET" && answers[context.Request.Path.Value!] is { } answer
            ? ScriptedServer.AnswerJson(context, answer.ToJsonString())
            : ScriptedServer.AnswerJson(context, """{"kind":"Status","apiVersion":"v1","message":"forbidden","code":403}""", 403));
        using var client = ClientOf(server);
        var capabilities = new ServerCapabilities(client, new DiscoveryClient(client, _time), _time, "default");

        (await capabilities.HasAsync(ServerCapability.SchedulingGates, Cancel)).ShouldBe(can);
        (await capabilities.HasAsync(ServerCapability.SidecarContainers, Cancel)).ShouldBe(can);
        (await capabilities.HasAsync(ServerCapability.WatchList, Cancel)).ShouldBeFalse("a list always works");
    }

    [Fact]
    public async Task Feature_that_is_switched_off_is_seen_whatever_the_release()
    {
        var answers = RecordedAnswers.Of("1.36");
        await using var server = await ScriptedServer.StartAsync(context => context.Request.Method == "PATCH"
            ? ScriptedServer.AnswerJson(context, """{"kind":"Pod","apiVersion":"v1","spec":{"containers":[{"name":"probe"}],"initContainers":[{"name":"sidecar"}]}}""")
            : ScriptedServer.AnswerJson(context, answers[context.Request.Path.Value!]!.ToJsonString()));
        using var client = ClientOf(server);
        var capabilities = new ServerCapabilities(client, new DiscoveryClient(client, _time), _time, "default");

        (await capabilities.HasAsync(ServerCapability.SchedulingGates, Cancel)).ShouldBeFalse();
        (await capabilities.HasAsync(ServerCapability.SidecarContainers, Cancel)).ShouldBeFalse();
    }

    private static KubernetesClient ClientOf(ScriptedServer server) => new(new KubernetesConnection { Server = server.Uri });
}
