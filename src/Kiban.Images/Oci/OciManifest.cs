using System.Collections.Immutable;

namespace Kiban.Images.Oci;

/// <summary>The image manifest: one configuration, and layers from the lowest up.</summary>
internal sealed record OciManifest(int SchemaVersion, string MediaType, OciDescriptor Config, ImmutableArray<OciDescriptor> Layers);
