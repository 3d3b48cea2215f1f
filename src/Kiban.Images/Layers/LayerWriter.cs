using System.Formats.Tar;

namespace Kiban.Images.Layers;

/// <summary>
/// Writes a layer's tar so that equal content gives equal bytes: one fixed time for everything, numeric owners only, no entry twice.
/// The GNU format is used because the PAX headers of System.Formats.Tar carry the process id.
/// </summary>
internal sealed class LayerWriter : IDisposable
{
    /// <summary>Raise it when the same content makes other bytes than before, so that cached layers are not taken for new ones.</summary>
    public const int FormatVersion = 2;

    public const UnixFileMode Executable = (UnixFileMode)0b111_101_101;
    public const UnixFileMode Readable = (UnixFileMode)0b110_100_100;

    private readonly TarWriter _tar;
    private readonly DateTimeOffset _modified;
    private readonly HashSet<string> _directories = new(StringComparer.Ordinal);
    private readonly HashSet<string> _others = new(StringComparer.Ordinal);

    public LayerWriter(Stream output, DateTimeOffset modified)
    {
        _tar = new TarWriter(output, TarEntryFormat.Gnu, leaveOpen: true);
        _modified = modified;
    }

    public void Directory(string path, UnixFileMode mode = Executable, int user = 0, int group = 0)
    {
        if (_directories.Contains(path))
            return;
        AddParents(path);
        _directories.Add(path);
        Write(new GnuTarEntry(TarEntryType.Directory, path + "/"), mode, user, group);
    }

    public void File(string path, Stream content, UnixFileMode mode = Readable, int user = 0, int group = 0)
    {
        Claim(path);
        Write(new GnuTarEntry(TarEntryType.RegularFile, path) { DataStream = content }, mode, user, group);
    }

    public void SymbolicLink(string path, string target)
    {
        Claim(path);
        Write(new GnuTarEntry(TarEntryType.SymbolicLink, path) { LinkName = target }, (UnixFileMode)0b111_111_111, user: 0, group: 0);
    }

    public void HardLink(string path, string target, UnixFileMode mode, int user = 0, int group = 0)
    {
        Claim(path);
        Write(new GnuTarEntry(TarEntryType.HardLink, path) { LinkName = target }, mode, user, group);
    }

    public void Dispose() => _tar.Dispose();

    private void Claim(string path)
    {
        AddParents(path);
        if (_directories.Contains(path) || !_others.Add(path))
            throw new ImageBuildException($"/{path} would be in one layer twice.");
    }

    private void AddParents(string path)
    {
        var slash = path.LastIndexOf('/');
        if (slash > 0)
            Directory(path[..slash]);
    }

    private void Write(GnuTarEntry entry, UnixFileMode mode, int user, int group)
    {
        entry.Mode = mode;
        entry.Uid = user;
        entry.Gid = group;
        entry.UserName = "";
        entry.GroupName = "";
        entry.ModificationTime = _modified;

        // Left out: the GNU format keeps them where others have the first part of a long path, and Python's tarfile takes them for that.
        entry.AccessTime = default;
        entry.ChangeTime = default;
        _tar.WriteEntry(entry);
    }
}
