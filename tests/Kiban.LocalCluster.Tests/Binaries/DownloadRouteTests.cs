using System.Text;
using Kiban.LocalCluster.Binaries;
using Kiban.LocalCluster.Binaries.Download;

namespace Kiban.LocalCluster.Tests.Binaries;

public sealed class DownloadRouteTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kiban-download-").FullName;
    private readonly ReleaseSite _site = new();

    private KubernetesCache Cache => new(_folder);

    public async ValueTask InitializeAsync() => await _site.StartAsync();

    [Fact]
    public async Task Programs_are_downloaded_verified_and_executable()
    {
        _site.Publish("v1.31.0", KubernetesBinaries.ControlPlanePrograms);

        var answer = await TryAsync("v1.31.0");

        answer.Reason.ShouldBeNull();
        answer.Binaries!.Folder.ShouldBe(Cache.FolderOf(KubernetesVersion.Parse("v1.31.0")));
        answer.Binaries.Version.ToString().ShouldBe("v1.31.0");
        Directory.EnumerateFiles(answer.Binaries.Folder).Select(path => Path.GetFileName(path)).ShouldBe(KubernetesBinaries.ControlPlanePrograms, ignoreOrder: true);
    }

    [Fact]
    public async Task Without_a_version_the_stable_release_is_taken()
    {
        _site.Publish("v1.32.1", KubernetesBinaries.ControlPlanePrograms);
        _site.Files["/release/stable.txt"] = Encoding.ASCII.GetBytes("v1.32.1");

        (await TryAsync(null)).Binaries!.Version.ToString().ShouldBe("v1.32.1");
    }

    [Fact]
    public async Task Release_that_publishes_the_older_checksum_only_is_taken_too()
    {
        _site.Publish("v1.20.2", KubernetesBinaries.ControlPlanePrograms, ".sha256");

        (await TryAsync("v1.20.2")).Binaries.ShouldNotBeNull();
    }

    [Fact]
    public async Task File_with_another_checksum_than_published_is_refused_and_not_kept()
    {
        _site.Publish("v1.31.0", KubernetesBinaries.ControlPlanePrograms);
        _site.Files[ReleaseSite.PathOf("v1.31.0", "kube-apiserver")] = Encoding.UTF8.GetBytes(FakeProgram.Text("v1.31.0") + "# and something that is not of the release\n");

        var exception = await Should.ThrowAsync<LocalClusterException>(() => TryAsync("v1.31.0"));

        exception.Message.ShouldContain("checksum");
        Directory.EnumerateFiles(Cache.FolderOf(KubernetesVersion.Parse("v1.31.0"))).ShouldBeEmpty();
    }

    [Fact]
    public async Task File_without_a_checksum_is_refused()
    {
        _site.Publish("v1.31.0", KubernetesBinaries.ControlPlanePrograms);
        _site.Files[ReleaseSite.PathOf("v1.31.0", "kube-apiserver") + ".sha512"] = Encoding.ASCII.GetBytes("<html>not here</html>");

        (await TryAsync("v1.31.0")).Binaries.ShouldBeNull();
    }

    [Fact]
    public async Task Release_that_is_not_there_is_declined_with_its_name()
    {
        var answer = await TryAsync("v9.9.9");

        answer.Binaries.ShouldBeNull();
        answer.Reason!.ShouldContain("v9.9.9");
        answer.Reason!.ShouldContain("404");
    }

    [Fact]
    public async Task Site_that_nobody_serves_is_declined()
    {
        await _site.DisposeAsync();

        (await TryAsync("v1.31.0")).Reason!.ShouldContain("cannot be read");
    }

    [Fact]
    public async Task Broken_connection_is_resumed_where_it_broke()
    {
        _site.Publish("v1.31.0", ["kube-apiserver"]);
        _site.BreakOnceAfter = 10;
        var progress = new Immediately(value =>
        {
            if (value.Done == 10)
            {
                _site.Arrived.TrySetResult();
            }
        });

        (await TryAsync("v1.31.0", progress, "kube-apiserver")).Binaries.ShouldNotBeNull();

        _site.Ranges.ShouldContain("bytes=10-");
    }

    [Fact]
    public async Task What_an_earlier_process_left_half_is_resumed()
    {
        _site.Publish("v1.31.0", ["kube-apiserver"]);
        LeavePartial(FakeProgram.Text("v1.31.0")[..7]);

        (await TryAsync("v1.31.0", "kube-apiserver")).Binaries.ShouldNotBeNull();

        _site.Ranges.ShouldBe(["bytes=7-"]);
    }

    [Theory]
    [InlineData("#!/bin/ksh -")]
    [InlineData("a half that is longer than the whole file that it is said to be the beginning of, by quite a lot of characters")]
    public async Task Half_that_does_not_fit_the_rest_is_downloaded_anew(string half)
    {
        _site.Publish("v1.31.0", ["kube-apiserver"]);
        LeavePartial(half);

        (await TryAsync("v1.31.0", "kube-apiserver")).Binaries.ShouldNotBeNull();
    }

    [Fact]
    public async Task Server_without_ranges_is_downloaded_from_the_beginning()
    {
        _site.Publish("v1.31.0", ["kube-apiserver"]);
        _site.ServesRanges = false;
        LeavePartial(FakeProgram.Text("v1.31.0")[..7]);

        (await TryAsync("v1.31.0", "kube-apiserver")).Binaries.ShouldNotBeNull();
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private Task<RouteAnswer> TryAsync(string? version, params string[] programs) => TryAsync(version, new Immediately(_ => { }), programs);

    private Task<RouteAnswer> TryAsync(string? version, IProgress<BinaryProgress> progress, params string[] programs)
    {
        var request = new BinaryRequest
        {
            Version = version is null ? null : KubernetesVersion.Parse(version),
            Programs = programs is [] ? KubernetesBinaries.ControlPlanePrograms : programs,
        };
        return new DownloadRoute(Cache, _site.Address, TimeProvider.System).TryAsync(request, progress, CancellationToken.None);
    }

    // Progress<T> would report on another thread, later.
    private sealed class Immediately(Action<BinaryProgress> report) : IProgress<BinaryProgress>
    {
        public void Report(BinaryProgress value) => report(value);
    }

    private void LeavePartial(string text)
    {
        var folder = Cache.FolderOf(KubernetesVersion.Parse("v1.31.0"));
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "kube-apiserver.part"), text);
    }
}
