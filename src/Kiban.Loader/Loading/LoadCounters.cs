namespace Kiban.Loader.Loading;

/// <summary>How far a load is.</summary>
internal sealed class LoadCounters
{
    private long _bytes;
    private long _reused;
    private int _files;

    /// <summary>Bytes of files that are in place or on their way there.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Of these, bytes that need not be fetched by this process: found in place, in temporary files, in a seed.</summary>
    public long ReusedBytes => Interlocked.Read(ref _reused);

    /// <summary>Files in place.</summary>
    public int Files => Volatile.Read(ref _files);

    /// <summary>Counts bytes that were written, or, negative, that turned out useless.</summary>
    public void AddBytes(long bytes) => Interlocked.Add(ref _bytes, bytes);

    /// <summary>Counts bytes that were there.</summary>
    public void AddReused(long bytes)
    {
        Interlocked.Add(ref _bytes, bytes);
        Interlocked.Add(ref _reused, bytes);
    }

    /// <summary>Counts files that are in place.</summary>
    public void AddFiles(int files) => Interlocked.Add(ref _files, files);
}
