namespace Kiban.Loader.Stores.S3;

/// <summary>What is known for reading a bucket. Not a record, so that nothing prints it.</summary>
internal sealed class AwsSettings
{
    /// <summary>The key to sign with; null for anonymous requests.</summary>
    public AwsCredential? Credential { get; init; }

    /// <summary>Where the key came from, for messages.</summary>
    public required string Origin { get; init; }

    /// <summary>Region; null where none is named.</summary>
    public string? Region { get; init; }

    /// <summary>Base address of the S3 API; null for Amazon's.</summary>
    public Uri? Endpoint { get; init; }

    /// <summary>Certificate authorities to trust, PEM; null for none besides the machine's.</summary>
    public string? CertificateBundle { get; init; }
}
