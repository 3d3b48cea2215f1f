using Kiban.LocalCluster.Binaries;
using Kiban.LocalCluster.Binaries.Debian;
using Kiban.LocalCluster.Processes;

namespace Kiban.LocalCluster.Tests.Binaries.Debian;

/// <summary>The long build, with a makefile in place of Kubernetes' own: it writes half of each program, waits, and writes the rest.</summary>
public sealed class SourceBuildTests : IAsyncDisposable
{
    private const string Makefile = """
        all:
        	@echo run >>runs
        	@mkdir -p _output/local/go/bin
        	@for program in $(notdir $(WHAT)); do printf half >_output/local/go/bin/$$program; done
        	@touch halfway; while [ ! -e go-on ]; do sleep 0.02; done
        	@for program in $(notdir $(WHAT)); do printf whole >_output/local/go/bin/$$program; done

        """;

    private static readonly string[] Programs = ["kube-apiserver", "kubelet"];

    private readonly string _root = Directory.CreateTempSubdirectory("kiban-build-").FullName;

    public SourceBuildTests()
    {
        Directory.CreateDirectory(Tree);
        File.WriteAllText(Path.Combine(Tree, "Makefile"), Makefile);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Folder => Path.Combine(_root, "build");

    private string Tree => Path.Combine(Folder, "tree");

    private string Cache => Path.Combine(_root, "cache");

    [Fact]
    public async Task Build_goes_on_when_its_command_is_killed_and_the_next_command_takes_it_over()
    {
        // What a command that is killed leaves is the compiler; nothing of the command's own is kept.
        var killed = CompileAsync();
        await HalfwayAsync();
        var compiler = Compiler();

        var next = CompileAsync();
        File.WriteAllText(Path.Combine(Tree, "go-on"), "");
        await Task.WhenAll(killed, next);
        Install();

        Compiler().ShouldBeNull();
        compiler.ShouldNotBeNull();
        Runs().ShouldBe(1);
        Installed().ShouldBe([("kube-apiserver", "whole"), ("kubelet", "whole")]);
    }

    [Fact]
    public async Task Compiler_that_is_killed_leaves_nothing_in_the_cache_and_is_started_again()
    {
        var first = CompileAsync();
        await HalfwayAsync();
        foreach (var process in ProcessTable.Find(new ClusterDirectory(Folder)))
        {
            process.Identity.Send(UnixSignal.Kill);
        }

        (await Should.ThrowAsync<LocalClusterException>(() => first)).Message.ShouldStartWith("make failed");
        Installed().ShouldBeEmpty();

        File.WriteAllText(Path.Combine(Tree, "go-on"), "");
        await CompileAsync();
        Install();

        Runs().ShouldBe(2);
        Installed().ShouldBe([("kube-apiserver", "whole"), ("kubelet", "whole")]);
    }

    [Fact]
    public async Task Cache_counts_as_a_release_only_when_the_last_program_is_in_it()
    {
        File.WriteAllText(Path.Combine(Tree, "go-on"), "");
        await CompileAsync();
        // Killed after the first program was moved.
        var version = KubernetesVersion.Parse("v1.20.2");
        var cache = new KubernetesCache(Cache);
        Directory.CreateDirectory(cache.FolderOf(version));
        File.Move(Path.Combine(Tree, "_output/local/go/bin/kubelet"), Path.Combine(cache.FolderOf(version), "kubelet"));
        cache.Versions().ShouldBeEmpty();

        Build().Install(Programs, cache.FolderOf(version));

        cache.Versions().ShouldBe([version]);
        File.ReadAllText(Path.Combine(cache.FolderOf(version), "kubelet")).ShouldBe("whole");
    }

    [Fact]
    public async Task Interrupted_command_ends_its_compiler()
    {
        using var interruption = new CancellationTokenSource();
        var build = CompileAsync(interruption.Token);
        await HalfwayAsync();

        await interruption.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => build);
        ProcessTable.Find(new ClusterDirectory(Folder)).ShouldBeEmpty();
    }

    public async ValueTask DisposeAsync()
    {
        await new DaemonHost(new ClusterDirectory(Folder), TimeProvider.System).KillAllAsync(CancellationToken.None);
        Directory.Delete(_root, recursive: true);
    }

    private SourceBuild Build() => new(Folder, new SourcePackage("1.20.2-1", KubernetesVersion.Parse("v1.20.2")), TimeProvider.System);

    private Task CompileAsync(CancellationToken? cancellationToken = null) =>
        Build().CompileAsync(Programs, new Progress<BinaryProgress>(), cancellationToken ?? Cancelled);

    private void Install() => Build().Install(Programs, Cache);

    private ClusterProcess? Compiler() => new DaemonHost(new ClusterDirectory(Folder), TimeProvider.System).Find("make");

    private int Runs() => File.ReadAllLines(Path.Combine(Tree, "runs")).Length;

    private (string Name, string Content)[] Installed() =>
        Directory.Exists(Cache) ? [.. Directory.GetFiles(Cache).Order(StringComparer.Ordinal).Select(path => (Path.GetFileName(path), File.ReadAllText(path)))] : [];

    private async Task HalfwayAsync()
    {
        while (!File.Exists(Path.Combine(Tree, "halfway")))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancelled);
        }
    }
}
