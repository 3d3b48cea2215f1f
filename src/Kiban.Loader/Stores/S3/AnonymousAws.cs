namespace Kiban.Loader.Stores.S3;

/// <summary>No key, but the region, endpoint and certificates that another source knows.</summary>
internal sealed class AnonymousAws(IAwsSettingsSource source) : IAwsSettingsSource
{
    /// <inheritdoc/>
    public AwsSettings Read() => Without(source.Read());

    /// <inheritdoc/>
    public AwsSettings ReadAgain() => Without(source.ReadAgain());

    private static AwsSettings Without(AwsSettings settings) => new()
    {
        Credential = null,
        Origin = "no credential",
        Region = settings.Region,
        Endpoint = settings.Endpoint,
        CertificateBundle = settings.CertificateBundle,
    };
}
