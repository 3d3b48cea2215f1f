namespace Kiban.Loader.Planning;

/// <summary>What is at a path of the volume now.</summary>
/// <param name="Kind">What sort of thing.</param>
/// <param name="Size">Size, bytes.</param>
/// <param name="AllocatedBytes">What it takes of the volume, bytes.</param>
/// <param name="ModifiedNanoseconds">Modification time, nanoseconds since 1970.</param>
/// <param name="Inode">Its number in the file system, which a rename keeps.</param>
internal readonly record struct FileState(FileKind Kind, long Size, long AllocatedBytes, long ModifiedNanoseconds, ulong Inode)
{
    /// <summary>Nothing is there.</summary>
    public static FileState Absent { get; }
}
