using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Controllers;
using Kiban.Kubernetes.Events;
using Kiban.Kubernetes.Finalizers;
using Kiban.Kubernetes.Leases;
using Kiban.Kubernetes.Queueing;
using Kiban.Kubernetes.Tests.Fakes;
using Kiban.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Kiban.Kubernetes.Tests.Documentation;

/// <summary>The part that docs/controllers.md builds, at work on the real server.</summary>
public sealed partial class DocumentedControllersTests(ControlPlaneFixture cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Part_of_the_page_works()
    {
        var accounts = new Accounts();
        var home = await cluster.CreateNamespaceAsync("teams", Cancel);
        using var host = await StartAsync(home, accounts);
        await cluster.ApplyAsync(Sizes(2), home, Cancel);
        var team = await TeamAsync("small");
        await QuotaBecomesAsync(team, "2");
        accounts.Open.ShouldContain(team);

        await cluster.KubectlAsync("delete", "resourcequota", "team", "-n", team);
        await QuotaBecomesAsync(team, "2");
        await cluster.ApplyAsync(Sizes(4), home, Cancel);
        await QuotaBecomesAsync(team, "4");

        var lost = await TeamAsync("huge");
        await Until.TrueAsync(
            async () => (await cluster.KubectlAsync("get", "events", "-A", "-o", "jsonpath={.items[*].message}")).Contains("says huge", StringComparison.Ordinal), "the event");

        await cluster.KubectlAsync("delete", "namespace", team, lost, "--wait=false");
        await Until.TrueAsync(() => accounts.Open.Count == 0, "the accounts closed");
        await Until.TrueAsync(
            async () => (await cluster.Client.FindAsync<V1Namespace>(team, null, Cancel))?.HasFinalizer(TeamsApi.Finalizer) != true, "the finalizer taken off");
        await host.StopAsync(Cancel);
    }

    [Fact]
    public async Task Queue_of_the_page_pulls_each_image_again_until_it_has_it()
    {
        using var queue = new RateLimitedQueue<string>("images", new QueueOptions { BaseDelay = TimeSpan.FromMilliseconds(1) }, TimeProvider.System);
        var pulls = 0;
        var images = new ImagePulls(queue, (_, _) => ++pulls < 3 ? throw new HttpRequestException("away") : Task.CompletedTask);
        images.Want("a");
        var work = images.WorkAsync(Cancel);

        await Until.TrueAsync(() => pulls == 3, "the third pull");
        queue.ShutDown();
        await work;
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Code_of_the_page_is_code_of_this_folder(int block)
    {
        var lines = CodeBlock().Matches(Page)[block].Groups[1].Value.TrimEnd().Split('\n').Select(line => line.Trim()).ToArray();

        Sources.Any(source => Enumerable.Range(0, source.Length).Any(start => source.Skip(start).Take(lines.Length).SequenceEqual(lines)))
            .ShouldBeTrue(string.Join('\n', lines));
    }

    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, CodeBlock().Count(Page))];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "docs");

    private static string Page => File.ReadAllText(Path.Combine(Folder, "controllers.md"));

    private static IEnumerable<string[]> Sources =>
        Directory.EnumerateFiles(Folder, "*.cs").Select(file => File.ReadAllLines(file).Select(line => line.Trim()).ToArray());

    private async Task<IHost> StartAsync(string home, Accounts accounts)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services
            .AddSingleton<IKubernetesClient>(new FencedKubernetesClient(cluster.Client))
            .AddEvents()
            .AddResourceCaches()
            .AddLeaderElection(_ => new LeaderElectionOptions { Name = "teams", Namespace = home })
            .AddSingleton<IAccounts>(accounts)
            .AddTeams();
        var host = builder.Build();
        await host.StartAsync(Cancel);
        return host;
    }

    private async Task<string> TeamAsync(string size)
    {
        var team = await cluster.CreateNamespaceAsync("team", Cancel);
        await cluster.KubectlAsync("label", "namespace", team, $"{TeamsApi.SizeLabel}={size}");
        return team;
    }

    private static string Sizes(int small) =>
        $$"""
        apiVersion: v1
        kind: ConfigMap
        metadata: { name: team-sizes }
        data: { small: "{{small}}" }
        """;

    private Task QuotaBecomesAsync(string team, string processors) => Until.TrueAsync(
        async () => (await cluster.Client.FindAsync<V1ResourceQuota>(TeamsApi.QuotaName, team, Cancel))?.Spec.Hard["requests.cpu"].ToString() == processors,
        $"a quota of {processors}");

    [GeneratedRegex("^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CodeBlock();

    private sealed class Accounts : IAccounts
    {
        private readonly ConcurrentDictionary<string, bool> _open = new();

        public ICollection<string> Open => _open.Keys;

        public Task OpenAsync(string team, CancellationToken cancellationToken) => Task.FromResult(_open.TryAdd(team, true));

        public Task CloseAsync(string team, CancellationToken cancellationToken) => Task.FromResult(_open.TryRemove(team, out _));
    }
}
