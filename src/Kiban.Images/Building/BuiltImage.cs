using System.Collections.Immutable;

namespace Kiban.Images.Building;

/// <summary>An image in the cache, complete and ready to be loaded or written to a file.</summary>
public sealed record BuiltImage
{
    /// <summary>Last part of the reference.</summary>
    public required string Name { get; init; }

    /// <summary>The name that Pods use.</summary>
    public required string Reference { get; init; }

    /// <summary>Digest of the manifest, <c>sha256:…</c>: equal digests are equal images.</summary>
    public required string Digest { get; init; }

    /// <summary>Size of all layers in bytes.</summary>
    public required long Size { get; init; }

    /// <summary>What each layer was made from, lowest first.</summary>
    public required ImmutableArray<string> Layers { get; init; }
}
