namespace Kiban.Loader.Loading;

/// <summary>What a finished load did.</summary>
/// <param name="Digest">Digest of what is in the volume.</param>
/// <param name="Bytes">Bytes of all its files.</param>
/// <param name="Files">How many files.</param>
/// <param name="FetchedBytes">What was fetched over all attempts.</param>
/// <param name="ReusedBytes">What was there already.</param>
internal sealed record LoadSummary(string Digest, long Bytes, int Files, long FetchedBytes, long ReusedBytes);
