namespace Kiban.Loader.Planning;

/// <summary>What a volume already holds for a file that is to be fetched.</summary>
/// <param name="ReplacedBytes">What the file in its place takes, bytes; it is free again once that is replaced.</param>
/// <param name="PartialBytes">What its temporary file takes, bytes.</param>
internal readonly record struct PresentSpace(long ReplacedBytes, long PartialBytes);
