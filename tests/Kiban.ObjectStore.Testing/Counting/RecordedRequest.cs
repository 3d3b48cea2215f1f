using Kiban.ObjectStore.Testing.Faults;

namespace Kiban.ObjectStore.Testing.Counting;

/// <summary>A request as it arrived.</summary>
public sealed record RecordedRequest
{
    /// <summary>What it wanted.</summary>
    public required StoreOperation Operation { get; init; }

    /// <summary>The method.</summary>
    public required string Method { get; init; }

    /// <summary>Host and port that were asked for.</summary>
    public required string Host { get; init; }

    /// <summary>Path and query as they were sent.</summary>
    public required string Target { get; init; }

    /// <summary>The bucket; empty where there is none.</summary>
    public required string Bucket { get; init; }

    /// <summary>The key; empty where there is none.</summary>
    public required string Key { get; init; }

    /// <summary>Headers by name, whatever their case.</summary>
    public required IReadOnlyDictionary<string, string> Headers { get; init; }
}
