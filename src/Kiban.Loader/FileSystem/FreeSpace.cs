namespace Kiban.Loader.FileSystem;

/// <summary>What a file system has left for this user.</summary>
/// <param name="Bytes">Bytes.</param>
/// <param name="Inodes">Files; null where it makes them as they are needed (btrfs, some NFS servers).</param>
/// <param name="BlockSize">Unit in which it gives space out, bytes.</param>
internal sealed record FreeSpace(long Bytes, long? Inodes, long BlockSize);
