using Kiban.LocalCluster.Doctor;
using Kiban.Processes;

namespace Kiban.LocalCluster.Storage;

/// <summary>Copies the directory of a volume with all that is in it.</summary>
internal static class DirectoryCopy
{
    /// <summary>
    /// Copies the tree to a path that does not exist yet: contents (by reflink where the file system can, FICLONE), holes, owners, modes,
    /// times, extended attributes, links between its files. Never a hard link to the source: both are written to afterwards.
    /// </summary>
    /// <exception cref="IOException">Not all of it could be copied; the message says what went wrong first. What was copied is left.</exception>
    public static async Task CopyAsync(string source, string target, CancellationToken cancellationToken)
    {
        var result = await Command.RunAsync(
            RequiredProgram.Locate("cp"),
            ["--archive", "--reflink=auto", "--sparse=auto", "--no-target-directory", "--", source, target],
            cancellationToken,
            environment: new Dictionary<string, string> { ["LC_ALL"] = "C" });
        if (!result.Succeeded)
        {
            throw new IOException(result.Error.Trim().Split('\n')[0]);
        }
    }
}
