using System.Runtime.InteropServices;
using Kiban.Loader.FileSystem;
using Kiban.Loader.Journals;
using Kiban.Loader.Loading;
using Kiban.Loader.Planning;
using Microsoft.Win32.SafeHandles;

namespace Kiban.Loader.Publishing;

/// <summary>
/// Takes files from an earlier load of the same source in another directory instead of fetching them: those whose object has the same version
/// and that nobody wrote to since, as that load's manifest tells. Their blocks are shared where the file system can, and copied where not.
/// </summary>
internal sealed unsafe class SeedCopier(string seed, Func<PlannedFile, FileAssembly> begin, Publisher publisher, Journal journal, LoadCounters counters)
{
    private const int CopySize = 1024 * 1024;

    /// <summary>Copies what can be copied.</summary>
    /// <returns>What has to be fetched.</returns>
    /// <exception cref="LoadException">The volume refuses.</exception>
    public IReadOnlyList<PlannedFile> Copy(IReadOnlyList<PlannedFile> wanted, CancellationToken cancellationToken)
    {
        var root = seed.TrimEnd('/');
        if (Manifest.Read(root) is not { } manifest)
            return wanted;
        var missing = new List<PlannedFile>();
        foreach (var file in wanted)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var source = $"{root}/{file.Path}";
            if (!manifest.Files.TryGetValue(file.Path, out var loaded)
                || !LoadPlan.IsUnchanged(file, loaded, Volume.StateOfFull(source))
                || !TryCopy(source, loaded, file))
            {
                missing.Add(file);
            }
        }

        return missing;
    }

    private bool TryCopy(string source, LoadedFile loaded, PlannedFile file)
    {
        SafeFileHandle from;
        try
        {
            from = File.OpenHandle(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A seed that cannot be read is one that does not help.
            return false;
        }

        using (from)
        {
            var assembly = begin(file);
            assembly.Open();
            if (NativeMethods.CloneInto(assembly.Handle, NativeMethods.FICLONE, from) != 0 && !TryCopyBytes(from, assembly, loaded.Size))
            {
                assembly.Dispose();
                File.Delete(assembly.PartialPath);
                return false;
            }

            assembly.MarkEnded();
            assembly.SeedCrc32C = loaded.Crc32C;
            assembly.Begin(journal);
            assembly.Close();
            counters.AddReused(loaded.Size);
            publisher.Add(assembly);
            return true;
        }
    }

    private static bool TryCopyBytes(SafeFileHandle from, FileAssembly assembly, long size)
    {
        for (long position = 0; position < size;)
        {
            long sourceOffset = position, targetOffset = position;
            var copied = NativeMethods.CopyRange(from, &sourceOffset, assembly.Handle, &targetOffset, (nuint)(size - position), 0);
            if (copied == 0)
                return false;
            if (copied > 0)
            {
                position += copied;
                continue;
            }

            var error = Marshal.GetLastPInvokeError();
            if (error == NativeMethods.EINTR)
                continue;
            if (error is NativeMethods.ENOSPC or NativeMethods.EDQUOT)
                throw VolumeError.From(error, $"copy {assembly.File.Path} from the seed");

            // Between file systems, and on old kernels.
            var buffer = new byte[CopySize];
            for (int count; position < size; position += count)
            {
                count = RandomAccess.Read(from, buffer, position);
                if (count == 0)
                    return false;
                assembly.Write(buffer.AsSpan(0, (int)Math.Min(count, size - position)), position);
            }
        }

        return true;
    }
}
