using Kiban.Bench.Reporting;
using Kiban.LocalCluster;
using Kiban.LocalCluster.ControlPlanes;
using Kiban.LocalCluster.Processes;
using Kiban.Testing;

namespace Kiban.Bench.Startup;

/// <summary>How long a control plane takes to serve, step by step: one that is kept (<c>kiban local up</c>), and the tests' own.</summary>
internal sealed class StartupBenchmark : IBenchmark
{
    public string Name => "start";

    public string Description => "Time until a control plane serves, step by step";

    public async Task RunAsync(BenchmarkOptions options, Report report, CancellationToken cancellationToken)
    {
        var binaries = await ControlPlaneFixture.FindBinariesAsync(cancellationToken);
        var variants = new (string Name, Func<StartupSteps, Task> StartAsync, List<StartupSteps> Rounds)[]
        {
            ("kept", steps => StartKeptAsync(new ClusterOptions { Directory = OwnerGuard.CreateDirectory(), Binaries = binaries }, steps, cancellationToken), []),
            ("of a test, without fsync", steps => StartThrowAwayAsync(new ControlPlaneOptions { Binaries = binaries }, steps, cancellationToken), []),
        };
        // The first round is a start of this program too, as every command is one.
        for (var round = 0; round <= options.Rounds; round++)
        {
            foreach (var variant in variants)
            {
                var steps = new StartupSteps(TimeProvider.System);
                await variant.StartAsync(steps);
                variant.Rounds.Add(steps);
            }
        }

        foreach (var variant in variants)
        {
            report.Note($"A control plane that is {variant.Name}, seconds since the command; {options.Rounds} rounds after a first one:");
            report.Table(
                ["", "first", "median", "least"],
                variant.Rounds[0].Names.Select(step => Row(step, variant.Rounds)));
        }

        report.Note($"Kubernetes {binaries.Version}; etcd is given TLS, as in production. kube-controller-manager is ready once Pods may be created: the service account 'default' is there.");
    }

    private static string[] Row(string step, List<StartupSteps> rounds)
    {
        var warm = rounds.Skip(1).Select(round => round.SecondsOf(step)).Order().ToArray();
        return [step, Report.Number(rounds[0].SecondsOf(step), 2), Report.Number(warm[warm.Length / 2], 2), Report.Number(warm[0], 2)];
    }

    private static async Task StartKeptAsync(ClusterOptions options, StartupSteps steps, CancellationToken cancellationToken)
    {
        using var guard = OwnerGuard.Start(options.Directory);
        var cluster = new Cluster(options);
        await (await cluster.UpAsync(steps, cancellationToken)).DisposeAsync();
        await cluster.DownAsync(keepState: false, new Progress<ClusterProgress>(), cancellationToken);
        File.Delete(options.Directory.LockPath);
    }

    private static async Task StartThrowAwayAsync(ControlPlaneOptions options, StartupSteps steps, CancellationToken cancellationToken) =>
        await (await ControlPlane.StartAsync(options, cancellationToken, steps)).DisposeAsync();
}
