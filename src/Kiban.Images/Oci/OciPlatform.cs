namespace Kiban.Images.Oci;

/// <summary>Architecture and operating system under Go's names, as the image specification wants them.</summary>
internal sealed record OciPlatform(string Architecture, string Os);
