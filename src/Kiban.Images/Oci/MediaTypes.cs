namespace Kiban.Images.Oci;

/// <summary>Media types of the OCI image specification 1.1, <see href="https://github.com/opencontainers/image-spec/blob/v1.1.0/media-types.md"/>.</summary>
internal static class MediaTypes
{
    public const string Index = "application/vnd.oci.image.index.v1+json";
    public const string Manifest = "application/vnd.oci.image.manifest.v1+json";
    public const string Config = "application/vnd.oci.image.config.v1+json";

    /// <summary>
    /// Layers are stored uncompressed: their digest then depends on the content alone and not on a compressor's version, and a node on the
    /// same machine gains nothing from compressing. Tools that push to a registry compress by themselves.
    /// </summary>
    public const string Layer = "application/vnd.oci.image.layer.v1.tar";
}
