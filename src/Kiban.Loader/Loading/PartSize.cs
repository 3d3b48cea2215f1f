namespace Kiban.Loader.Loading;

/// <summary>How large the ranges are that objects are fetched in.</summary>
internal static class PartSize
{
    /// <summary>Smaller ranges cost more requests than they win.</summary>
    public const long Smallest = 8 * 1024 * 1024;

    /// <summary>Larger ones lose too much with a connection.</summary>
    public const long Largest = 64 * 1024 * 1024;

    /// <summary>Every connection should come back for another range this often, so that they end together.</summary>
    private const int RangesPerConnection = 8;

    /// <summary>Range size for a load, bytes, a whole number of MiB.</summary>
    /// <param name="totalBytes">What is to be fetched.</param>
    /// <param name="connections">By how many connections.</param>
    public static long For(long totalBytes, int connections)
    {
        const long MiB = 1024 * 1024;
        var share = totalBytes / ((long)connections * RangesPerConnection);
        return Math.Clamp((share + MiB - 1) / MiB * MiB, Smallest, Largest);
    }
}
