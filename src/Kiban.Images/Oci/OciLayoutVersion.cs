namespace Kiban.Images.Oci;

/// <summary>The file <c>oci-layout</c>, which marks a folder or archive as an image layout.</summary>
internal sealed record OciLayoutVersion(string ImageLayoutVersion);
