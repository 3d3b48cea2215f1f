using Kiban.Loader.Planning;

namespace Kiban.Loader.Loading;

/// <summary>What a load is to do.</summary>
internal sealed record LoadOptions
{
    /// <summary>The directory to load into: the volume.</summary>
    public required string Into { get; init; }

    /// <summary>Directory below it, without slashes at its ends; empty for the volume itself.</summary>
    public string Directory { get; init; } = "";

    /// <summary>What of the sources is taken.</summary>
    public PathFilter Filter { get; init; } = PathFilter.Everything;

    /// <summary>Whether nothing to load is a success.</summary>
    public bool AllowsEmpty { get; init; }

    /// <summary>Whether files that an earlier load put in place and the source no longer has are removed.</summary>
    public bool Prunes { get; init; }

    /// <summary>Names the load: one with another name does not continue a journal. Null continues whatever is there.</summary>
    public string? LoadId { get; init; }

    /// <summary>How many times the size of the data may be fetched over all attempts.</summary>
    public double EgressFactor { get; init; } = 3;

    /// <summary>Memory for all buffers together, bytes.</summary>
    public long BufferMemory { get; init; } = 8 * 1024 * 1024;

    /// <summary>Most ranges at once.</summary>
    public int Connections { get; init; } = 32;

    /// <summary>Longest range, bytes; null to choose by what is to be fetched.</summary>
    public long? PartSize { get; init; }

    /// <summary>A directory with an earlier load, to copy unchanged files from.</summary>
    public string? Seed { get; init; }

    /// <summary>How patient it is.</summary>
    public LoadTiming Timing { get; init; } = new();

    /// <summary>Size of one buffer, bytes: from 64 KiB to 1 MiB.</summary>
    public int BufferSize => (int)Math.Clamp(BufferMemory / Connections, 64 * 1024, 1024 * 1024);
}
