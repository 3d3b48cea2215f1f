namespace Kiban.Loader.Planning;

/// <summary>What sort of thing a path of the volume names.</summary>
internal enum FileKind
{
    /// <summary>Nothing is there.</summary>
    Absent,

    /// <summary>A regular file.</summary>
    File,

    /// <summary>A directory.</summary>
    Directory,

    /// <summary>A symbolic link, a socket, a device.</summary>
    Other,
}
