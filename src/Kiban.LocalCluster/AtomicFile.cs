using System.Security.Cryptography;
using System.Text;

namespace Kiban.LocalCluster;

/// <summary>Files that are either the old or the new ones at every instant, also when the writer is killed.</summary>
public static class AtomicFile
{
    /// <summary>Owner may read and write, nobody else anything: for keys.</summary>
    public const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Everybody may read.</summary>
    public const UnixFileMode Public = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>
    /// Writes <paramref name="content"/> beside the file and renames it into place. A file that has this content already is left
    /// alone, so that its time of modification tells when something changed.
    /// </summary>
    /// <returns>True when the file was written.</returns>
    public static bool Write(string path, string content, UnixFileMode mode)
    {
        if (File.Exists(path) && File.ReadAllText(path) == content && File.GetUnixFileMode(path) == mode)
        {
            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var temporary = $"{path}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}.tmp";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode };
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(Encoding.UTF8.GetBytes(content));
        }

        // UnixCreateMode is subject to the umask.
        File.SetUnixFileMode(temporary, mode);
        File.Move(temporary, path, overwrite: true);
        return true;
    }
}
