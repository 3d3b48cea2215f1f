using System.Runtime.InteropServices;
using Kiban.Loader.Planning;
using Microsoft.Win32.SafeHandles;

namespace Kiban.Loader.FileSystem;

/// <summary>
/// The directory that is loaded into. Files and folders that are made here can be read by every Pod, and written by the group that the
/// volume's own folder passes on (<c>fsGroup</c>); nothing changes an owner, so a squashed root on NFS is no hindrance.
/// </summary>
internal sealed unsafe class Volume : IDisposable
{
    /// <summary>Mode of new folders: group and others may enter, the group may change.</summary>
    private const uint FolderMode = 0b111_111_101;

    /// <summary>Mode of new files: all may read, owner and group may write.</summary>
    public const UnixFileMode FileMode =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead;

    private readonly SafeFileHandle _root;
    private readonly HashSet<string> _folders = new(StringComparer.Ordinal);

    private Volume(string root, SafeFileHandle handle) => (Root, _root) = (root, handle);

    /// <summary>Its path.</summary>
    public string Root { get; }

    /// <summary>The loader's own folder in it.</summary>
    public string OwnFolder => $"{Root}/{PathRules.OwnFolder}";

    /// <summary>Where files are while they are fetched: on the same file system, so that a rename puts them in place.</summary>
    public string PartialFolder => $"{OwnFolder}/partial";

    /// <summary>Opens the directory, which is made where it is absent.</summary>
    /// <exception cref="LoadException">It cannot be written.</exception>
    public static Volume Open(string root)
    {
        const int ReadOnlyDirectory = 0x10000 | 0x80000; // O_DIRECTORY, O_CLOEXEC
        const int ReadOnlyDirectoryArm = 0x4000 | 0x80000;

        // Modes below are meant as they are written; files are private to no one.
        _ = NativeMethods.SetCreationMask(0);
        root = Path.GetFullPath(root);
        root = root.Length > 1 ? root.TrimEnd('/') : root;
        try
        {
            Directory.CreateDirectory(root);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw VolumeError.From(e, $"make the directory {root}");
        }

        var flags = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? ReadOnlyDirectoryArm : ReadOnlyDirectory;
        var handle = NativeMethods.Open(root, flags, 0);
        if (handle < 0)
            throw VolumeError.Last($"open the directory {root}");
        var volume = new Volume(root == "/" ? "" : root, new SafeFileHandle(handle, ownsHandle: true));
        volume.EnsureFolder(PathRules.OwnFolder);
        volume.EnsureFolder($"{PathRules.OwnFolder}/partial");
        return volume;
    }

    /// <summary>The path of a file of this volume for the system.</summary>
    public string FullPath(string path) => $"{Root}/{path}";

    /// <summary>What is at a path below the volume; links are not followed.</summary>
    public FileState StateOf(string path) => StateOfFull(FullPath(path));

    /// <summary>What is at a path of the system; links are not followed.</summary>
    public static FileState StateOfFull(string path)
    {
        NativeMethods.StatX stat;
        if (NativeMethods.Stat(NativeMethods.AT_FDCWD, path, NativeMethods.AT_SYMLINK_NOFOLLOW, NativeMethods.STATX_BASIC_STATS, &stat) != 0)
            return FileState.Absent;
        var kind = (stat.Mode & 0xF000) switch
        {
            0x8000 => FileKind.File,
            0x4000 => FileKind.Directory,
            _ => FileKind.Other,
        };
        var modified = (stat.Modified.Seconds * 1_000_000_000) + stat.Modified.Nanoseconds;
        return new FileState(kind, (long)stat.Size, (long)stat.Blocks * 512, modified, stat.Inode);
    }

    /// <summary>Makes a folder below the volume and those above it, where they are absent.</summary>
    /// <exception cref="LoadException">Something else is in the way, or the volume cannot be written.</exception>
    public void EnsureFolder(string folder)
    {
        if (folder.Length == 0)
            return;
        lock (_folders)
        {
            if (_folders.Contains(folder))
                return;
        }

        if (folder.LastIndexOf('/') is > 0 and var slash)
            EnsureFolder(folder[..slash]);
        if (StateOf(folder).Kind == FileKind.Absent
            && NativeMethods.MakeDirectory(FullPath(folder), FolderMode) != 0
            && StateOf(folder).Kind == FileKind.Absent)
        {
            throw VolumeError.Last($"make the folder {folder}");
        }

        // A link could lead out of the volume.
        if (StateOf(folder).Kind is not FileKind.Directory and var kind)
            throw new LoadException(LoadReason.UnsafeKey, $"\"{folder}\" must be a folder for what is below it, but is {(kind == FileKind.File ? "a file" : "a link or a device")} in the volume; remove it, or choose another path.");
        lock (_folders)
            _folders.Add(folder);
    }

    /// <summary>Puts a temporary file in its place, over what is there.</summary>
    /// <exception cref="LoadException">It is a folder, or the volume cannot be written.</exception>
    public void Publish(string partial, string path)
    {
        if (path.LastIndexOf('/') is > 0 and var slash)
            EnsureFolder(path[..slash]);
        if (NativeMethods.Rename(partial, FullPath(path)) != 0)
            throw VolumeError.Last($"put {path} in place");
    }

    /// <summary>Removes a file of the volume, and the folders above it that this leaves empty.</summary>
    public void Remove(string path)
    {
        File.Delete(FullPath(path));
        for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/', slash - 1))
        {
            try
            {
                Directory.Delete(FullPath(path[..slash]));
            }
            catch (IOException)
            {
                return;
            }
        }
    }

    /// <summary>What the file system has left.</summary>
    /// <exception cref="LoadException">It does not say.</exception>
    public FreeSpace Free()
    {
        NativeMethods.StatVfs stat;
        if (NativeMethods.StatVolume(Root + "/", &stat) != 0)
            throw VolumeError.Last($"ask how much space {Root} has");
        var block = (long)Math.Max(stat.FragmentSize, 512);
        return new FreeSpace((long)stat.BlocksAvailable * block, stat.Inodes == 0 ? null : (long)stat.InodesAvailable, block);
    }

    /// <summary>Whether the file system takes names that differ only in case for the same; found out by trying.</summary>
    public bool FoldsCase()
    {
        var probe = $"{OwnFolder}/case-probe";
        try
        {
            File.WriteAllBytes(probe, []);
            var folds = StateOfFull($"{OwnFolder}/CASE-PROBE").Kind != FileKind.Absent;
            File.Delete(probe);
            return folds;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw VolumeError.From(e, $"write to {Root}");
        }
    }

    /// <summary>
    /// Makes all that was written to the file system durable, names included: one call for any number of files. On NFS it commits what the
    /// server holds.
    /// </summary>
    /// <exception cref="LoadException">Some of it could not be written.</exception>
    public void Sync()
    {
        if (NativeMethods.SyncFileSystem(_root) != 0)
            throw VolumeError.Last($"make {Root} durable");
    }

    /// <inheritdoc/>
    public void Dispose() => _root.Dispose();
}
