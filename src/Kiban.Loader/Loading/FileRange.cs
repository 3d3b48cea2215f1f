namespace Kiban.Loader.Loading;

/// <summary>Bytes of one file that one connection is to fetch.</summary>
/// <param name="File">The file.</param>
/// <param name="Offset">Where they begin.</param>
/// <param name="Length">How many; null for all that come, where the size is not known.</param>
/// <param name="Failures">How often in a row nothing of them arrived.</param>
internal sealed record FileRange(FileAssembly File, long Offset, long? Length, int Failures);
