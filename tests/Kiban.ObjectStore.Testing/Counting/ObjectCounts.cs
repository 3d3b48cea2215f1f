namespace Kiban.ObjectStore.Testing.Counting;

/// <summary>What was asked of one object.</summary>
/// <param name="Reads">Requests for its bytes.</param>
/// <param name="Heads">Requests for what is known of it.</param>
/// <param name="BytesSent">Bytes of it that went out.</param>
public readonly record struct ObjectCounts(long Reads, long Heads, long BytesSent);
