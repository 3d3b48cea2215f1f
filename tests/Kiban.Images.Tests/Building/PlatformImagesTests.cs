using System.Formats.Tar;
using System.Text.Json.Nodes;
using Kiban.Images.Building;
using Kiban.Images.Definitions;

namespace Kiban.Images.Tests.Building;

public sealed class PlatformImagesTests(ImageFixture images) : IClassFixture<ImageFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pause_is_one_small_program()
    {
        var pause = await images.NewBuilder("pause").BuildAsync(PlatformImages.Pause, Cancel);

        pause.Size.ShouldBeLessThan(2_000_000);
        pause.Layers.ShouldBe(["Debian packages catatonit"]);
    }

    [Fact]
    public async Task Manager_keeps_our_assemblies_in_a_small_layer_above_the_runtime_and_publishes_alike_twice()
    {
        var builder = images.NewBuilder("manager");
        var manager = await builder.BuildAsync(PlatformImages.Manager, Cancel);

        var layers = await ReadLayersAsync(await images.WriteArchiveAsync(builder, manager, Cancel));
        layers.Count.ShouldBe(3);
        layers[0].ShouldContain("etc/ssl/certs/ca-certificates.crt");
        layers[1].ShouldContain("app/System.Private.CoreLib.dll");
        layers[1].ShouldContain("app/KubernetesClient.dll");
        layers[1].ShouldNotContain(path => path.StartsWith("app/Kiban.", StringComparison.Ordinal));
        layers[2].ShouldContain("app/Kiban.Manager");
        layers[2].ShouldContain("app/Kiban.Kubernetes.dll");
        layers[2].ShouldNotContain(path => path.StartsWith("app/System.", StringComparison.Ordinal));

        // Published again, though not compiled from nothing: the output of an earlier compilation is used where no source changed.
        var again = await images.NewBuilder("manager-again").BuildAsync(PlatformImages.Manager, Cancel);
        again.Digest.ShouldBe(manager.Digest);
    }

    [Fact]
    public async Task Container_settings_of_the_project_agree_with_the_image()
    {
        var settings = JsonNode.Parse((await Command.RunAsync(
            "dotnet",
            [
                "msbuild", Path.Combine(ImageFixture.Root, PlatformImages.Manager.Program!.Project),
                "-getProperty:ContainerUser", "-getProperty:ContainerRepository", "-getProperty:AssemblyName", "-getItem:ContainerLabel",
            ],
            Cancel)).RequireOutput())!;

        settings["Properties"]!["ContainerUser"]!.GetValue<string>().ShouldBe(PlatformImages.Manager.User);
        settings["Properties"]!["AssemblyName"]!.GetValue<string>().ShouldBe(PlatformImages.Manager.Program.FileName);
        settings["Items"]!["ContainerLabel"]!.AsArray()
            .ToDictionary(label => label!["Identity"]!.GetValue<string>(), label => label!["Value"]!.GetValue<string>())
            .ShouldContainKeyAndValue("org.opencontainers.image.description", PlatformImages.Manager.Description);
    }

    /// <summary>Paths in each layer, lowest layer first.</summary>
    private static async Task<List<HashSet<string>>> ReadLayersAsync(string archive)
    {
        var layout = Directory.CreateDirectory(archive + ".layout").FullName;
        await TarFile.ExtractToDirectoryAsync(archive, layout, overwriteFiles: false, Cancel);
        JsonNode Read(string path) => JsonNode.Parse(File.ReadAllText(Path.Combine(layout, path)))!;
        string Blob(JsonNode descriptor) => "blobs/" + descriptor["digest"]!.GetValue<string>().Replace(':', '/');

        var manifest = Read(Blob(Read("index.json")["manifests"]![0]!));
        return [.. manifest["layers"]!.AsArray().Select(layer => Paths(Path.Combine(layout, Blob(layer!))))];
    }

    private static HashSet<string> Paths(string layer)
    {
        using var reader = new TarReader(File.OpenRead(layer));
        var paths = new HashSet<string>(StringComparer.Ordinal);
        while (reader.GetNextEntry() is { } entry)
            paths.Add(entry.Name);
        return paths;
    }
}
