using Kiban.LocalCluster.Components;
using Kiban.LocalCluster.Processes;

namespace Kiban.LocalCluster.Tests.Processes;

public sealed class DaemonHostTests : IAsyncDisposable
{
    private readonly ClusterDirectory _cluster = new(Directory.CreateTempSubdirectory("kiban-daemons-").FullName);
    private readonly DaemonHost _daemons;

    public DaemonHostTests() => _daemons = new DaemonHost(_cluster, TimeProvider.System);

    [Fact]
    public async Task Daemon_that_runs_as_wanted_is_adopted_by_another_host()
    {
        (await _daemons.StartAsync(Sleep("1000"), CancellationToken.None)).ShouldBe(StartOutcome.Started);
        var first = _daemons.Find("sleep")!.Identity;

        (await new DaemonHost(_cluster, TimeProvider.System).StartAsync(Sleep("1000"), CancellationToken.None)).ShouldBe(StartOutcome.Adopted);

        _daemons.Find("sleep")!.Identity.ShouldBe(first);
    }

    [Fact]
    public async Task Daemon_is_started_anew_when_its_arguments_or_a_file_it_reads_changed()
    {
        var file = _cluster.Combine("config");
        File.WriteAllText(file, "one");
        await _daemons.StartAsync(Sleep("1000") with { ConfigFiles = [file] }, CancellationToken.None);

        (await _daemons.StartAsync(Sleep("2000") with { ConfigFiles = [file] }, CancellationToken.None)).ShouldBe(StartOutcome.Replaced);
        File.WriteAllText(file, "two");
        (await _daemons.StartAsync(Sleep("2000") with { ConfigFiles = [file] }, CancellationToken.None)).ShouldBe(StartOutcome.Replaced);

        ProcessTable.Find(_cluster).Count(process => process.IsDaemon).ShouldBe(1);
    }

    [Fact]
    public async Task Daemon_that_ignores_SIGTERM_is_killed_when_grace_is_over()
    {
        var started = _cluster.Combine("started");
        await _daemons.StartAsync(Shell($"trap '' TERM; touch {started}; while :; do sleep 0.1; done"), CancellationToken.None);
        await WaitForAsync(() => File.Exists(started));

        (await _daemons.StopAsync("shell", TimeSpan.FromMilliseconds(200), CancellationToken.None)).ShouldBeTrue();

        _daemons.Find("shell").ShouldBeNull();
    }

    [Fact]
    public async Task Descendants_are_found_but_are_not_the_daemon_and_die_with_all()
    {
        await _daemons.StartAsync(Shell("sleep 1000 & wait"), CancellationToken.None);
        await WaitForAsync(() => ProcessTable.Find(_cluster).Count == 2);

        ProcessTable.Find(_cluster).Count(process => process.IsDaemon).ShouldBe(1);
        await _daemons.KillAllAsync(CancellationToken.None);

        ProcessTable.Find(_cluster).ShouldBeEmpty();
    }

    [Fact]
    public async Task Log_holds_what_the_daemon_wrote_to_both_outputs()
    {
        await _daemons.StartAsync(Shell("echo one; echo two >&2"), CancellationToken.None);

        await WaitForAsync(() => _daemons.LogTail("shell") == "one\ntwo");
    }

    [Fact]
    public async Task Guard_ends_the_cluster_when_its_owner_lets_go_of_the_pipe()
    {
        var guard = OwnerGuard.Start(_cluster);
        await _daemons.StartAsync(Shell("sleep 1000 & wait"), CancellationToken.None);

        // What the kernel does when the owner is killed: the pipe's only writing end is closed.
        guard.Dispose();

        await WaitForAsync(() => !Directory.Exists(_cluster.Path) && ProcessTable.Find(_cluster).Count == 0);
    }

    [Fact]
    public async Task Cluster_whose_owner_and_guard_are_gone_is_collected_at_the_next_start()
    {
        var root = Directory.CreateTempSubdirectory("kiban-abandoned-").FullName;
        var alive = ProcessIdentity.Current;
        var abandoned = new ClusterDirectory(Path.Combine(root, $"{alive.Id}-{alive.StartTicks - 1}-abc123"));
        var owned = new ClusterDirectory(Path.Combine(root, $"{alive.Id}-{alive.StartTicks}-abc123"));
        owned.Create();
        await new DaemonHost(abandoned, TimeProvider.System).StartAsync(Sleep("1000"), CancellationToken.None);

        OwnerGuard.CollectAbandoned(root);

        Directory.EnumerateDirectories(root).ShouldBe([owned.Path]);
        await WaitForAsync(() => ProcessTable.Find(abandoned).Count == 0);
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public async Task Lock_is_held_by_one_and_passes_on_when_it_is_let_go()
    {
        var first = AdvisoryLock.TryAcquire(_cluster.LockPath)!;
        var waited = 0;
        var second = AdvisoryLock.AcquireAsync(_cluster.LockPath, TimeProvider.System, () => waited++, CancellationToken.None);
        AdvisoryLock.TryAcquire(_cluster.LockPath).ShouldBeNull();
        second.IsCompleted.ShouldBeFalse();

        first.Dispose();

        (await second).Dispose();
        waited.ShouldBe(1);
        File.Delete(_cluster.LockPath);
    }

    public async ValueTask DisposeAsync()
    {
        await _daemons.KillAllAsync(CancellationToken.None);
        if (Directory.Exists(_cluster.Path))
        {
            Directory.Delete(_cluster.Path, recursive: true);
        }
    }

    private static DaemonSpec Sleep(string seconds) => new() { Name = "sleep", Executable = "/bin/sleep", Arguments = [seconds] };

    private static DaemonSpec Shell(string script) => new() { Name = "shell", Executable = "/bin/sh", Arguments = ["-c", script] };

    private static async Task WaitForAsync(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, patience.Token);
        }
    }
}
