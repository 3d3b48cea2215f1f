using System.Formats.Tar;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Kiban.Images.Building;
using Kiban.Images.Definitions;

namespace Kiban.Images.Tests.Building;

/// <summary>The packages below the manager, as other tools see an image of them.</summary>
public sealed class PackageImageTests(ImageFixture images) : IClassFixture<ImageFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static readonly ImageDefinition Packages = PlatformImages.Manager with { Name = "packages", Program = null, Entrypoint = ["/bin/none"] };

    [Fact]
    public async Task Two_builds_without_a_common_cache_have_one_digest()
    {
        var first = await images.NewBuilder("first").BuildAsync(Packages, Cancel);
        var second = await images.NewBuilder("second").BuildAsync(Packages, Cancel);

        second.Digest.ShouldBe(first.Digest);
    }

    [Fact]
    public async Task Second_build_does_nothing()
    {
        var first = await images.NewBuilder("cached").BuildAsync(Packages, Cancel);
        var messages = new List<string>();

        var second = await images.NewBuilder("cached", messages.Add).BuildAsync(Packages, Cancel);

        second.ShouldBeEquivalentTo(first);
        messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task Root_file_system_that_umoci_unpacks_is_complete_and_holds_nothing_of_this_machine()
    {
        var (builder, image) = await BuildAsync();
        var archive = await images.WriteArchiveAsync(builder, image, Cancel);
        var layout = Directory.CreateDirectory(archive + ".layout").FullName;
        await TarFile.ExtractToDirectoryAsync(archive, layout, overwriteFiles: false, Cancel);
        string[] mode = Environment.IsPrivilegedProcess ? [] : ["--rootless"];
        (await Command.RunAsync("umoci", ["unpack", .. mode, "--image", $"{layout}:{ImageDefinition.LocalTag}", archive + ".bundle"], Cancel)).RequireOutput();
        var root = archive + ".bundle/rootfs";

        File.ReadAllLines($"{root}/etc/passwd").ShouldContain(line => line.StartsWith("nonroot:x:65532:65532:", StringComparison.Ordinal));
        new DirectoryInfo($"{root}/lib").LinkTarget.ShouldBe("usr/lib");
        File.ReadAllText($"{root}/var/lib/dpkg/status.d/libssl3").ShouldStartWith("Package: libssl3\n");
        Directory.GetFiles(root, "*.sources", SearchOption.AllDirectories).ShouldBeEmpty();
        ((string[])["etc/apt", "var/lib/apt", "var/cache/apt", "etc/resolv.conf", "etc/hostname", "var/log/apt"])
            .Where(path => Path.Exists($"{root}/{path}")).ShouldBeEmpty();

        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile($"{root}/etc/ssl/certs/ca-certificates.crt");
        authorities.Count.ShouldBe(Directory.GetFiles($"{root}/usr/share/ca-certificates/mozilla", "*.crt").Length);
    }

    [Fact]
    public async Task Skopeo_reads_the_archive_as_OCI_and_as_Docker_archive()
    {
        var (builder, image) = await BuildAsync();
        var archive = await images.WriteArchiveAsync(builder, image, Cancel);
        var oci = JsonNode.Parse((await Command.RunAsync("skopeo", ["inspect", $"oci-archive:{archive}"], Cancel)).RequireOutput())!;
        var config = JsonNode.Parse((await Command.RunAsync("skopeo", ["inspect", "--config", $"docker-archive:{archive}"], Cancel)).RequireOutput())!;

        oci["Digest"]!.GetValue<string>().ShouldBe(image.Digest);
        oci["Architecture"]!.GetValue<string>().ShouldBe(config["architecture"]!.GetValue<string>());
        oci["Labels"]!["org.opencontainers.image.title"]!.GetValue<string>().ShouldBe("packages");
        config["config"]!["User"]!.GetValue<string>().ShouldBe("65532:65532");
        config["config"]!["Entrypoint"]![0]!.GetValue<string>().ShouldBe("/bin/none");
        config["config"]!["Env"]!.AsArray().Select(value => value!.GetValue<string>()).ShouldContain("SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt");
    }

    private async Task<(ImageBuilder Builder, BuiltImage Image)> BuildAsync()
    {
        var builder = images.NewBuilder("cached");
        return (builder, await builder.BuildAsync(Packages, Cancel));
    }
}
