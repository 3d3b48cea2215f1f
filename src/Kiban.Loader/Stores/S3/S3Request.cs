namespace Kiban.Loader.Stores.S3;

/// <summary>What is asked of S3, before it has an address and a signature: those depend on the region and the key, which may turn out to be others.</summary>
/// <param name="Method">GET or HEAD.</param>
/// <param name="Key">Key; empty for the bucket.</param>
internal readonly record struct S3Request(HttpMethod Method, string Key)
{
    /// <summary>Query, encoded and its parameters in order; empty for none.</summary>
    public string Query { get; init; } = "";

    /// <summary>First byte and number of bytes; null for the whole.</summary>
    public (long Offset, long Length)? Range { get; init; }

    /// <summary>The ETag that the object must have; null for any.</summary>
    public string? IfMatch { get; init; }

    /// <summary>Whether checksums of the whole object are to come with the answer.</summary>
    public bool WantsChecksums { get; init; }
}
