namespace Kiban.LocalCluster.Storage;

/// <summary>The directories of local volumes, on the machine. Every operation may be repeated.</summary>
internal sealed class VolumeDirectories
{
    // Open to all, since Pods run as any user; who may enter is decided by who may mount.
    private const UnixFileMode Everybody =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute |
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private const string UnfinishedPrefix = ".copy-";

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

    /// <summary>
    /// Makes the directory of a volume as a copy of another directory; one that exists is left as it is. Until <see cref="Claimed"/> is
    /// called, the directory is known as one that no volume may have come of.
    /// </summary>
    /// <param name="volume">Name of the volume.</param>
    /// <param name="source">Directory to copy.</param>
    /// <param name="verify">Called when all is copied and before it counts; throws where the source was not whole to the end.</param>
    /// <param name="cancellationToken">Ends the copy.</param>
    /// <exception cref="IOException">It could not be copied whole; nothing is left of it.</exception>
    public async Task CopyAsync(string volume, string source, Func<Task> verify, CancellationToken cancellationToken)
    {
        var path = PathOf(volume);
        if (Directory.Exists(path))
        {
            return;
        }

        var unfinished = Path.Combine(_root, UnfinishedPrefix + volume);
        Directory.CreateDirectory(_root);
        Delete(unfinished);
        try
        {
            await DirectoryCopy.CopyAsync(source, unfinished, cancellationToken);
            await verify();
            await File.WriteAllTextAsync(MarkerOf(volume), "", cancellationToken);
            Directory.Move(unfinished, path);
        }
        catch
        {
            Delete(unfinished);
            throw;
        }
    }

    /// <summary>A volume came to be of the directory.</summary>
    public void Claimed(string volume) => File.Delete(MarkerOf(volume));

    /// <summary>Removes the directory of a volume with all that is in it.</summary>
    public void Remove(string volume) => Delete(PathOf(volume));

    /// <summary>
    /// Removes what a killed provisioner left: copies that are not whole, and directories of which no volume came, since the claim was
    /// deleted before the provisioner was back. The latter are empty, or known as unclaimed; another one was kept on purpose (reclaim
    /// policy Retain).
    /// </summary>
    /// <param name="volumes">Names of the volumes that exist.</param>
    /// <param name="claimed">Names of volumes that will be made, since there is a claim.</param>
    public void RemoveUnused(IReadOnlySet<string> volumes, IReadOnlySet<string> claimed)
    {
        if (!Directory.Exists(_root))
        {
            return;
        }

        foreach (var path in Directory.EnumerateDirectories(_root))
        {
            var name = Path.GetFileName(path);
            if (volumes.Contains(name))
            {
                Claimed(name);
            }
            else if (!claimed.Contains(name)
                && (name.StartsWith(UnfinishedPrefix, StringComparison.Ordinal) || File.Exists(MarkerOf(name)) || !Directory.EnumerateFileSystemEntries(path).Any()))
            {
                Delete(path);
                Claimed(name);
            }
        }
    }

    /// <summary>The directory of a volume.</summary>
    public string PathOf(string volume) =>
        volume.Length > 0 && volume[0] != '.' && !volume.Contains('/', StringComparison.Ordinal)
            ? Path.Combine(_root, volume)
            : throw new ArgumentException($"'{volume}' is not the name of a volume.", nameof(volume));

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private string MarkerOf(string volume) => Path.Combine(_root, volume + ".unclaimed");
}
