using System.Text.Json.Nodes;
using Kiban.LocalCluster.Processes;

namespace Kiban.LocalCluster.Tests.CommandLine;

public sealed class LocalCommandTests : IAsyncLifetime
{
    private const string Name = "cli";

    private readonly string _state = Directory.CreateTempSubdirectory("kiban-state-").FullName;

    private ClusterDirectory Cluster => new(Path.Combine(_state, "clusters", Name));

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task Up_that_is_killed_again_and_again_is_finished_by_the_next_and_down_leaves_nothing()
    {
        // Each is killed at a later step, and each goes on from where the one before was killed.
        foreach (var step in new[] { "Kubernetes v", "etcd started", "etcd ready", "kube-apiserver", "kube-scheduler" })
        {
            await using var interrupted = Up();
            await interrupted.WaitForErrorAsync(step);
            interrupted.Identity!.Value.Send(UnixSignal.Kill);
        }

        (await Up().WaitAsync()).ExitCode.ShouldBe(0);

        var status = await RunAsync("status", "--output", "json");
        status.ExitCode.ShouldBe(0);
        JsonNode.Parse(status.Output)!["components"]!.AsArray().Select(component => (string)component!["name"]!)
            .ShouldBe(["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"]);
        ProcessTable.Find(Cluster).Select(process => process.Component).ShouldBe(
            ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler"], ignoreOrder: true);

        (await RunAsync("down")).ExitCode.ShouldBe(0);
        ProcessTable.Find(Cluster).ShouldBeEmpty();
        Directory.Exists(Cluster.Path).ShouldBeFalse();
        (await RunAsync("status")).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task Second_up_leaves_what_runs_alone_and_starts_what_was_killed()
    {
        (await Up().WaitAsync()).ExitCode.ShouldBe(0);
        var before = Daemons();
        before["kube-scheduler"].Send(UnixSignal.Kill);
        (await RunAsync("status")).ExitCode.ShouldBe(3);

        var second = await Up().WaitAsync();

        second.ExitCode.ShouldBe(0, second.Error);
        second.Error.ShouldContain("etcd runs already");
        var after = Daemons();
        after["etcd"].ShouldBe(before["etcd"]);
        after["kube-apiserver"].ShouldBe(before["kube-apiserver"]);
        after["kube-scheduler"].ShouldNotBe(before["kube-scheduler"]);
    }

    [Fact]
    public async Task State_that_is_kept_is_there_after_the_next_up()
    {
        (await Up().WaitAsync()).ExitCode.ShouldBe(0);
        await KubectlAsync("create", "configmap", "kept", "--from-literal=a=b");
        (await RunAsync("down", "--keep-state")).ExitCode.ShouldBe(0);
        ProcessTable.Find(Cluster).ShouldBeEmpty();

        (await Up().WaitAsync()).ExitCode.ShouldBe(0);

        (await KubectlAsync("get", "configmap", "kept", "-o", "jsonpath={.data.a}")).ShouldBe("b");

        // So it is when everything was killed at once: status says what is dead, and up mends it.
        foreach (var daemon in Daemons().Values)
        {
            daemon.Send(UnixSignal.Kill);
        }

        var status = await RunAsync("status", "--output", "json");
        status.ExitCode.ShouldBe(3);
        JsonNode.Parse(status.Output)!["components"]!.AsArray().Select(component => (bool)component!["isRunning"]!).ShouldAllBe(isRunning => !isRunning);
        (await Up().WaitAsync()).ExitCode.ShouldBe(0);
        (await RunAsync("status")).ExitCode.ShouldBe(0);
        (await KubectlAsync("get", "configmap", "kept", "-o", "jsonpath={.data.a}")).ShouldBe("b");
    }

    [Fact]
    public async Task Interrupted_up_stops_what_it_started()
    {
        await using var up = Up();
        await up.WaitForErrorAsync("kube-apiserver started");

        up.Identity!.Value.Send(UnixSignal.Interrupt);

        var result = await up.WaitAsync();
        result.ExitCode.ShouldBe(130, result.Error);
        result.Error.ShouldContain("etcd stopped");
        ProcessTable.Find(Cluster).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(2, "local", "status", "--name", "Not A Name")]
    [InlineData(2, "local", "up", "--kubernetes-version", "newest")]
    [InlineData(2, "nonsense")]
    [InlineData(1, "local", "kubeconfig", "--name", "nobody")]
    [InlineData(0, "local", "down", "--name", "nobody")]
    [InlineData(0, "local", "up", "--help")]
    public async Task Exit_code_tells_what_was_wrong(int code, params string[] arguments) =>
        (await KibanProgram.RunAsync(_state, arguments)).ExitCode.ShouldBe(code);

    [Fact]
    public async Task Help_shows_examples_and_completion_knows_the_commands()
    {
        (await KibanProgram.RunAsync(_state, "local", "down", "--help")).Output.ShouldContain("kiban local down --keep-state");
        (await KibanProgram.RunAsync(_state, "[suggest:14]", "kiban local st")).Output.ShouldContain("status");
        (await KibanProgram.RunAsync(_state, "completion", "bash")).Output.ShouldContain("complete -o default -F _kiban kiban");
    }

    public async ValueTask DisposeAsync()
    {
        await new DaemonHost(Cluster, TimeProvider.System).KillAllAsync(CancellationToken.None);
        Directory.Delete(_state, recursive: true);
    }

    private KibanProgram Up() => KibanProgram.Start(_state, "local", "up", "--control-plane-only", "--name", Name);

    private Task<CommandResult> RunAsync(string command, params string[] arguments) =>
        KibanProgram.RunAsync(_state, ["local", command, "--name", Name, .. arguments]);

    private Dictionary<string, ProcessIdentity> Daemons() =>
        ProcessTable.Find(Cluster).Where(process => process.IsDaemon).ToDictionary(process => process.Component, process => process.Identity);

    private async Task<string> KubectlAsync(params string[] arguments)
    {
        var result = await Command.RunAsync("kubectl", ["--kubeconfig", Cluster.KubeconfigPath, .. arguments], CancellationToken.None);
        result.Succeeded.ShouldBeTrue(result.Error);
        return result.Output;
    }
}
