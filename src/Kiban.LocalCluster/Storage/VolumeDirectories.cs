namespace Kiban.LocalCluster.Storage;

/// <summary>The directories of local volumes, on the machine. Every operation may be repeated.</summary>
internal sealed class VolumeDirectories
{
    // Open to all, since Pods run as any user; who may enter is decided by who may mount.
    private const UnixFileMode Everybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute |
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly string _root;

    public VolumeDirectories(string root) => _root = root;

    /// <summary>Makes the directory of a volume; one that exists is left as it is.</summary>
    public void Create(string volume)
    {
        var path = PathOf(volume);
        if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
            // The umask had its say.
            File.SetUnixFileMode(path, Everybody);
        }
    }

    /// <summary>Removes the directory of a volume with all that is in it.</summary>
    public void Remove(string volume)
    {
        var path = PathOf(volume);
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>
    /// Removes directories for which no volume came to be, because the provisioner was killed and the claim deleted before it was back.
    /// They are empty; one that is not was kept on purpose (reclaim policy Retain).
    /// </summary>
    public void RemoveUnused(IReadOnlySet<string> volumes)
    {
        if (!Directory.Exists(_root))
        {
            return;
        }

        foreach (var path in Directory.EnumerateDirectories(_root).Where(path => !volumes.Contains(Path.GetFileName(path)) && !Directory.EnumerateFileSystemEntries(path).Any()))
        {
            Directory.Delete(path);
        }
    }

    private string PathOf(string volume) =>
        volume.Length > 0 && volume is not ("." or "..") && !volume.Contains('/', StringComparison.Ordinal)
            ? Path.Combine(_root, volume)
            : throw new ArgumentException($"'{volume}' is not the name of a volume.", nameof(volume));
}
