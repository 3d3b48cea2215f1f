namespace Kiban.Images.Processes;

/// <summary>Keeps processes apart by an exclusively opened file; the system lets go of it whatever becomes of the holder.</summary>
internal static class FileLock
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(200);

    /// <summary>Waits until nobody holds the file, and holds it until the result is disposed.</summary>
    public static async Task<IDisposable> HoldAsync(string path, TimeProvider time, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                await Task.Delay(Poll, time, cancellationToken);
            }
        }
    }
}
