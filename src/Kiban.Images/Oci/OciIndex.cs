using System.Collections.Immutable;

namespace Kiban.Images.Oci;

/// <summary>The index at the root of an image layout.</summary>
internal sealed record OciIndex(int SchemaVersion, string MediaType, ImmutableArray<OciDescriptor> Manifests);
