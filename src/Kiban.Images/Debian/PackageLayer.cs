using System.Collections.Immutable;
using System.Formats.Tar;
using System.Text;
using Kiban.Images.Definitions;
using Kiban.Images.Layers;
using Kiban.Processes;

namespace Kiban.Images.Debian;

/// <summary>
/// Unpacks packages into a layer. No maintainer script is run: it would need root and a chroot, and its result would depend on the machine. What
/// scripts would do that images need (trusted certificates, accounts, the links of the merged <c>/usr</c>) is done here.
/// </summary>
internal static class PackageLayer
{
    /// <summary>Raise it when the same packages make another layer than before, so that cached layers are not taken for new ones.</summary>
    public const int RecipeVersion = 1;

    private const string Dpkg = "dpkg-deb";

    public static async Task WriteAsync(
        LayerWriter layer,
        ImmutableArray<DebianPackage> packages,
        ImmutableArray<string> archives,
        CancellationToken cancellationToken)
    {
        var links = new SortedSet<string>(StringComparer.Ordinal);
        var certificates = new CertificateBundle();
        foreach (var (package, archive) in packages.Zip(archives))
        {
            await UnpackAsync(layer, archive, links, certificates, cancellationToken);

            // Image scanners know from these files what is installed; it is the layout that images without dpkg share.
            var control = (await Command.RunAsync(Dpkg, ["--field", archive], cancellationToken)).RequireOutput();
            Write(layer, $"var/lib/dpkg/status.d/{package.Name}", control);
        }

        foreach (var link in links)
            layer.SymbolicLink(link, "usr/" + link);
        if (certificates.Build() is { } bundle)
            layer.File(CertificateBundle.Path, new MemoryStream(bundle));
        WriteAccounts(layer);
    }

    private static async Task UnpackAsync(
        LayerWriter layer,
        string archive,
        SortedSet<string> links,
        CertificateBundle certificates,
        CancellationToken cancellationToken)
    {
        var result = await Command.StreamAsync(
            Dpkg,
            ["--fsys-tarfile", archive],
            writeInput: null,
            async (stream, cancel) =>
            {
                await using var tar = new TarReader(stream, leaveOpen: true);
                while (await tar.GetNextEntryAsync(copyData: false, cancel) is { } entry)
                    await CopyAsync(layer, entry, links, certificates, cancel);

                // Padding follows the end mark; dpkg-deb fails if nobody takes it.
                await stream.CopyToAsync(Stream.Null, cancel);
            },
            cancellationToken);
        result.RequireOutput();
    }

    private static async Task CopyAsync(
        LayerWriter layer,
        TarEntry entry,
        SortedSet<string> links,
        CertificateBundle certificates,
        CancellationToken cancellationToken)
    {
        var isFolderOrLink = entry.EntryType is TarEntryType.Directory or TarEntryType.SymbolicLink;
        if (PackageFileRules.Place(entry.Name, isFolderOrLink) is not { } path)
            return;
        if (path.StartsWith("usr/", StringComparison.Ordinal) && PackageFileRules.MergedFolder(path["usr/".Length..]) is { } merged)
            links.Add(merged);

        switch (entry.EntryType)
        {
            case TarEntryType.Directory:
                layer.Directory(path, entry.Mode, entry.Uid, entry.Gid);
                break;
            case TarEntryType.SymbolicLink:
                layer.SymbolicLink(path, entry.LinkName);
                break;
            case TarEntryType.HardLink:
                var target = PackageFileRules.Place(entry.LinkName, isFolderOrLink: false)
                    ?? throw new ImageBuildException($"/{path} is a hard link to /{entry.LinkName}, which images leave out.");
                layer.HardLink(path, target, entry.Mode, entry.Uid, entry.Gid);
                break;
            case TarEntryType.RegularFile or TarEntryType.V7RegularFile:
                var content = new MemoryStream(checked((int)entry.Length));
                if (entry.DataStream is { } data)
                    await data.CopyToAsync(content, cancellationToken);
                if (CertificateBundle.Includes(path))
                    certificates.Add(path, content.ToArray());
                content.Position = 0;
                layer.File(path, content, entry.Mode, entry.Uid, entry.Gid);
                break;
            default:
                throw new ImageBuildException($"/{path} is a {entry.EntryType}, which no package of an image should carry.");
        }
    }

    private static void WriteAccounts(LayerWriter layer)
    {
        const int user = ImageDefinition.NonRootUser;
        Write(layer, "etc/passwd", $"root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:{user}:{user}:nonroot:/home/nonroot:/sbin/nologin\n");
        Write(layer, "etc/group", $"root:x:0:\nnonroot:x:{user}:\n");
        Write(layer, "etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
        layer.Directory("home/nonroot", (UnixFileMode)0b111_000_000, user, user);
        layer.Directory("tmp", (UnixFileMode)0b1_111_111_111);
    }

    private static void Write(LayerWriter layer, string path, string text) =>
        layer.File(path, new MemoryStream(Encoding.UTF8.GetBytes(text)));
}
