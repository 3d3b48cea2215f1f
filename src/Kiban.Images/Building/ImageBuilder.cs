using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Kiban.Images.Debian;
using Kiban.Images.Definitions;
using Kiban.Images.Layers;
using Kiban.Images.Oci;
using Kiban.Images.Programs;

namespace Kiban.Images.Building;

/// <summary>
/// Builds images from Debian packages and published programs, without a registry, a container engine or root. Layers come from the cache where
/// what they are made from has not changed.
/// </summary>
public sealed class ImageBuilder
{
    private readonly ImageBuilderOptions _options;
    private readonly IProgress<string> _progress;
    private readonly TimeProvider _time;
    private readonly BuildCache _cache;

    /// <summary>Creates a builder.</summary>
    /// <param name="options">Folders and time stamps.</param>
    /// <param name="progress">Told in a few words what takes time.</param>
    /// <param name="time">Clock for waiting on other builders.</param>
    public ImageBuilder(ImageBuilderOptions options, IProgress<string> progress, TimeProvider time)
    {
        _options = options;
        _progress = progress;
        _time = time;
        _cache = new BuildCache(options.CacheFolder);
    }

    /// <summary>Builds an image, or finds it built.</summary>
    /// <exception cref="ImageBuildException">A package or the program could not be had.</exception>
    public async Task<BuiltImage> BuildAsync(ImageDefinition definition, CancellationToken cancellationToken)
    {
        ImmutableArray<Layer> layers =
        [
            await PackageLayerAsync(definition, cancellationToken),
            .. definition.Program is { } program ? await ProgramLayersAsync(program, cancellationToken) : [],
        ];

        var config = ImageConfig(definition, layers);
        var configBytes = OciJson.Write(config, OciJson.Default.OciImageConfig);
        var manifest = new OciManifest(
            SchemaVersion: 2,
            MediaTypes.Manifest,
            new OciDescriptor(MediaTypes.Config, _cache.StoreBlob(configBytes), configBytes.Length),
            [.. layers.Select(layer => new OciDescriptor(MediaTypes.Layer, layer.Digest, layer.Size))]);
        return new BuiltImage
        {
            Name = definition.Name,
            Reference = definition.Reference,
            Digest = _cache.StoreBlob(OciJson.Write(manifest, OciJson.Default.OciManifest)),
            Size = layers.Sum(layer => layer.Size),
            Layers = [.. layers.Select(layer => layer.Origin)],
        };
    }

    /// <summary>Writes an image as one file: an OCI image layout in a tar, which containerd, podman, skopeo and Docker read.</summary>
    public Task WriteArchiveAsync(BuiltImage image, Stream output, CancellationToken cancellationToken) =>
        OciArchive.WriteAsync(image.Reference, image.Digest, _cache.BlobPath, _options.Created, output, cancellationToken);

    private async Task<Layer> PackageLayerAsync(ImageDefinition definition, CancellationToken cancellationToken)
    {
        var request = $"packages\n{Architecture}\n{string.Join(' ', definition.Packages)}\n{string.Join(' ', definition.WithoutPackages)}";
        if (!_options.UpdatePackages && Recall() is { } known)
            return known;

        // One process at a time uses apt's folder. What another one built meanwhile is not built again.
        using var hold = await _cache.LockAsync(_time, cancellationToken);
        if (!_options.UpdatePackages && Recall() is { } builtMeanwhile)
            return builtMeanwhile;
        var apt = new AptRepository(_cache.AptFolder, _progress);
        var packages = (_options.UpdatePackages ? null : RecallPackages())
            ?? await apt.ResolveAsync(definition.Packages, definition.WithoutPackages, cancellationToken);
        _cache.Remember(request, [.. packages], CacheJson.Default.DebianPackageArray);
        return _cache.RecallLayer(Inputs(packages), Origin(packages), _options.Created)
            ?? await _cache.WriteLayerAsync(
                Inputs(packages),
                Origin(packages),
                _options.Created,
                async layer =>
                {
                    var archives = await apt.DownloadAsync(packages, definition.WithoutPackages, cancellationToken);
                    _progress.Report($"unpacking {packages.Length} Debian packages for {definition.Name}");
                    await PackageLayer.WriteAsync(layer, packages, archives, cancellationToken);
                });

        ImmutableArray<DebianPackage>? RecallPackages() =>
            _cache.Recall(request, CacheJson.Default.DebianPackageArray) is { } packages ? [.. packages] : null;

        Layer? Recall() =>
            RecallPackages() is { } packages ? _cache.RecallLayer(Inputs(packages), Origin(packages), _options.Created) : null;

        static string Inputs(ImmutableArray<DebianPackage> packages) => $"debian {PackageLayer.RecipeVersion}\n{string.Join('\n', packages)}";

        static string Origin(ImmutableArray<DebianPackage> packages) => $"Debian packages {string.Join(' ', packages.Select(package => package.Name))}";
    }

    private async Task<Layer[]> ProgramLayersAsync(PublishedProgram program, CancellationToken cancellationToken)
    {
        var root = _options.Root ?? throw new ImageBuildException($"{program.FileName} is built from source, and no repository root is known.");
        var publisher = new ProgramPublisher(root, _progress, _time);
        var inputs = ProgramInputs.Fingerprint(root, program.Project, await ProgramPublisher.SdkVersionAsync(cancellationToken));
        var key = $"program {LayerWriter.FormatVersion}\n{program.FileName}\n{ProgramPublisher.RuntimeIdentifier}\n{_options.Created.ToUnixTimeSeconds()}\n{inputs}";
        if (_cache.Recall(key, CacheJson.Default.LayerArray) is { } known && known.All(layer => File.Exists(_cache.BlobPath(layer.Digest))))
            return known;

        var folder = _cache.NewScratchPath("publish");
        try
        {
            await publisher.PublishAsync(program, folder, cancellationToken);
            var files = PublishedFiles.Read(folder, program.FileName);
            Layer[] layers =
            [
                .. files.Foreign.IsEmpty ? Array.Empty<Layer>() : [await ProgramLayerAsync(files.Foreign, $"the .NET runtime and libraries of {program.FileName}")],
                await ProgramLayerAsync(files.Own, program.FileName),
            ];
            _cache.Remember(key, layers, CacheJson.Default.LayerArray);
            return layers;
        }
        finally
        {
            if (Directory.Exists(folder))
                Directory.Delete(folder, recursive: true);
        }

        Task<Layer> ProgramLayerAsync(ImmutableArray<string> files, string origin) =>
            _cache.WriteLayerAsync(
                origin,
                _options.Created,
                layer =>
                {
                    ProgramPublisher.Write(layer, program, folder, files);
                    return Task.CompletedTask;
                });
    }

    private OciImageConfig ImageConfig(ImageDefinition definition, ImmutableArray<Layer> layers)
    {
        var created = _options.Created.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        return new OciImageConfig
        {
            Created = created,
            Architecture = Architecture,
            Os = "linux",
            Config = new OciImageConfig.ContainerConfig
            {
                User = definition.User,
                Env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", .. definition.Environment],
                Entrypoint = definition.Entrypoint,
                WorkingDir = definition.WorkingDirectory,
                Labels = ImageLabels.For(definition),
            },
            Rootfs = new OciImageConfig.RootFileSystem("layers", [.. layers.Select(layer => layer.Digest)]),
            History = [.. layers.Select(layer => new OciImageConfig.LayerHistory(created, layer.Origin))],
        };
    }

    private static string Architecture => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        var other => throw new ImageBuildException($"Images for {other} are not supported; amd64 and arm64 are."),
    };
}
