namespace Kiban.Processes;

/// <summary>
/// A lock between processes: flock(2) on a file, which the kernel lets go when its holder ends in whatever way. The file stays behind;
/// removing it would let two processes hold "the" lock.
/// </summary>
public sealed class AdvisoryLock : IDisposable
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly FileStream _file;

    private AdvisoryLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or null when another process holds it.</summary>
    public static AdvisoryLock? TryAcquire(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        try
        {
            // FileShare.None is flock(LOCK_EX | LOCK_NB) on Unix.
            return new AdvisoryLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    /// <summary>Takes the lock as soon as it is free; <paramref name="waiting"/>, where given, is called once when it is not.</summary>
    public static async Task<AdvisoryLock> AcquireAsync(string path, TimeProvider time, Action? waiting, CancellationToken cancellationToken)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            if (TryAcquire(path) is { } acquired)
            {
                return acquired;
            }

            if (isFirst)
            {
                waiting?.Invoke();
            }

            await Task.Delay(PollInterval, time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
