using System.Collections.Immutable;
using System.Text.Json;
using Kiban.Images.Layers;

namespace Kiban.Images.Oci;

/// <summary>
/// An image layout in one tar, <see href="https://github.com/opencontainers/image-spec/blob/v1.1.0/image-layout.md"/>, with a
/// <c>manifest.json</c> for Docker before release 25.
/// </summary>
internal static class OciArchive
{
    public static async Task WriteAsync(
        string reference,
        string manifestDigest,
        Func<string, string> blobPath,
        DateTimeOffset modified,
        Stream output,
        CancellationToken cancellationToken)
    {
        var manifestBytes = await File.ReadAllBytesAsync(blobPath(manifestDigest), cancellationToken);
        var manifest = JsonSerializer.Deserialize(manifestBytes, OciJson.Default.OciManifest)!;
        var configBytes = await File.ReadAllBytesAsync(blobPath(manifest.Config.Digest), cancellationToken);
        var config = JsonSerializer.Deserialize(configBytes, OciJson.Default.OciImageConfig)!;
        var index = new OciIndex(
            SchemaVersion: 2,
            MediaTypes.Index,
            [
                new OciDescriptor(MediaTypes.Manifest, manifestDigest, manifestBytes.Length)
                {
                    Platform = new OciPlatform(config.Architecture, config.Os),
                    Annotations = ImmutableSortedDictionary.CreateRange(
                        StringComparer.Ordinal,
                        new Dictionary<string, string>
                        {
                            // containerd takes the full name from its own key, other tools take the tag from the standard one.
                            ["io.containerd.image.name"] = reference,
                            ["org.opencontainers.image.ref.name"] = reference[(reference.LastIndexOf(':') + 1)..],
                        }),
                },
            ]);
        DockerArchiveEntry[] docker =
            [new(ArchivePath(manifest.Config.Digest), [reference], [.. manifest.Layers.Select(layer => ArchivePath(layer.Digest))])];

        using var tar = new LayerWriter(output, modified);
        Add("oci-layout", OciJson.Write(new OciLayoutVersion("1.0.0"), OciJson.Default.OciLayoutVersion));
        Add("index.json", OciJson.Write(index, OciJson.Default.OciIndex));
        Add("manifest.json", OciJson.Write(docker, OciJson.Default.DockerArchiveEntryArray));
        foreach (var digest in (string[])[manifestDigest, manifest.Config.Digest, .. manifest.Layers.Select(layer => layer.Digest)])
        {
            cancellationToken.ThrowIfCancellationRequested();
            await using var blob = File.OpenRead(blobPath(digest));
            tar.File(ArchivePath(digest), blob);
        }

        void Add(string path, byte[] content) => tar.File(path, new MemoryStream(content));
    }

    private static string ArchivePath(string digest) => "blobs/" + digest.Replace(':', '/');
}
