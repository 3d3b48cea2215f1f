using Kiban.LocalCluster.Binaries;

namespace Kiban.LocalCluster.Tests.Binaries;

public sealed class BinaryResolverTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kiban-binaries-").FullName;

    [Fact]
    public async Task First_route_that_serves_is_taken_and_the_refusals_before_it_are_told()
    {
        var resolver = new BinaryResolver([new Refusing("a", "is closed"), new NamedFolderRoute(MakeRelease("named", "v1.31.0")), new Refusing("z", "is never asked")]);

        var resolved = await resolver.ResolveAsync(new BinaryRequest(), new Progress<BinaryProgress>(), CancellationToken.None);

        resolved.Route.ShouldBe("folder");
        resolved.Binaries.Version.ToString().ShouldBe("v1.31.0");
        resolved.Refused.ShouldHaveSingleItem().ShouldBe(new RefusedRoute("a", "is closed"));
    }

    [Fact]
    public async Task When_no_route_serves_each_is_named_with_its_reason()
    {
        var resolver = new BinaryResolver([new Refusing("cache", "is empty"), new Refusing("download", "has no network")]);

        var exception = await Should.ThrowAsync<LocalClusterException>(() => resolver.ResolveAsync(
            new BinaryRequest { Version = KubernetesVersion.Parse("1.31.0") }, new Progress<BinaryProgress>(), CancellationToken.None));

        exception.Message.ShouldContain("v1.31.0");
        exception.Message.ShouldContain("cache: is empty");
        exception.Message.ShouldContain("download: has no network");
    }

    [Fact]
    public async Task Folder_on_the_command_line_beats_that_of_the_environment()
    {
        var request = new BinaryRequest { Folder = MakeRelease("typed", "v1.30.0") };

        var answer = await new NamedFolderRoute(MakeRelease("environment", "v1.29.0")).TryAsync(request, new Progress<BinaryProgress>(), CancellationToken.None);

        answer.Binaries!.Version.ToString().ShouldBe("v1.30.0");
    }

    [Theory]
    [InlineData("v1.30.0", null, "lacks kubelet")]
    [InlineData("v1.30.0", "v1.31.0", "holds Kubernetes v1.30.0, but --kubernetes-version asks for v1.31.0")]
    public async Task Named_folder_that_does_not_serve_is_an_error_and_not_passed_over(string held, string? wanted, string message)
    {
        var request = new BinaryRequest
        {
            Folder = MakeRelease("named", held),
            Version = wanted is null ? null : KubernetesVersion.Parse(wanted),
            Programs = [.. KubernetesBinaries.ControlPlanePrograms, "kubelet"],
        };

        var exception = await Should.ThrowAsync<LocalClusterException>(() => new NamedFolderRoute(null).TryAsync(request, new Progress<BinaryProgress>(), CancellationToken.None));

        exception.Message.ShouldContain(message);
    }

    [Fact]
    public async Task Cache_serves_the_newest_release_that_has_every_program()
    {
        var cache = new KubernetesCache(_folder);
        MakeRelease($"v1.9.0/{KubernetesCache.Platform}", "v1.9.0");
        MakeRelease($"v1.30.0/{KubernetesCache.Platform}", "v1.30.0");
        MakeRelease($"v1.31.0/{KubernetesCache.Platform}", "v1.31.0", "kube-apiserver");

        var answer = await new CacheRoute(cache).TryAsync(new BinaryRequest(), new Progress<BinaryProgress>(), CancellationToken.None);

        answer.Binaries!.Version.ToString().ShouldBe("v1.30.0");
    }

    [Fact]
    public async Task Cache_without_the_release_says_what_it_has()
    {
        MakeRelease($"v1.30.0/{KubernetesCache.Platform}", "v1.30.0");

        var answer = await new CacheRoute(new KubernetesCache(_folder))
            .TryAsync(new BinaryRequest { Version = KubernetesVersion.Parse("v1.31.0") }, new Progress<BinaryProgress>(), CancellationToken.None);

        answer.Binaries.ShouldBeNull();
        answer.Reason!.ShouldContain("holds v1.30.0, and not v1.31.0");
    }

    [Theory]
    [InlineData("v1.20.2", 1, 20, 2, "")]
    [InlineData("1.36.0-rc.1", 1, 36, 0, "-rc.1")]
    [InlineData("Kubernetes v1.28.4+k3s1\n", 1, 28, 4, "+k3s1")]
    public void Version_is_read_in_every_spelling(string text, int major, int minor, int patch, string suffix) =>
        KubernetesVersion.Parse(text).ShouldBe(new KubernetesVersion(major, minor, patch, suffix));

    [Theory]
    [InlineData("latest")]
    [InlineData("v1.20")]
    [InlineData("../../etc")]
    public void What_is_no_version_is_refused(string text) => KubernetesVersion.TryParse(text, out _).ShouldBeFalse();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string MakeRelease(string name, string version, params string[] programs)
    {
        var folder = Path.Combine(_folder, name);
        Directory.CreateDirectory(folder);
        foreach (var program in programs is [] ? KubernetesBinaries.ControlPlanePrograms : programs)
        {
            FakeProgram.Write(Path.Combine(folder, program), version);
        }

        return folder;
    }

    private sealed class Refusing(string name, string reason) : IBinaryRoute
    {
        public string Name => name;

        public Task<RouteAnswer> TryAsync(BinaryRequest request, IProgress<BinaryProgress> progress, CancellationToken cancellationToken) =>
            Task.FromResult(RouteAnswer.Declined(reason));
    }
}
