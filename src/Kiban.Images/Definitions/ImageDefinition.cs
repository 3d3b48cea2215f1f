using System.Collections.Immutable;

namespace Kiban.Images.Definitions;

/// <summary>What an image is made of. Two builds of one definition from the same packages and sources have the same digest.</summary>
public sealed record ImageDefinition
{
    /// <summary>User and group that images run as unless they say otherwise: no name on any host, and not root.</summary>
    public const int NonRootUser = 65532;

    /// <summary>Registry part of the references of locally built images. Nothing is ever pulled from it.</summary>
    public const string Registry = "kiban.dev";

    /// <summary>Tag of locally built images.</summary>
    public const string LocalTag = "dev";

    /// <summary>Last part of the reference, e.g. <c>kiban-manager</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence for <c>org.opencontainers.image.description</c>.</summary>
    public required string Description { get; init; }

    /// <summary>Debian packages that make the lowest layer, with all that they depend on.</summary>
    public required ImmutableArray<string> Packages { get; init; }

    /// <summary>
    /// Dependencies to leave out, because only maintainer scripts need them and none is ever run:
    /// <c>debconf</c> would bring a Perl into every image that wants CA certificates.
    /// </summary>
    public ImmutableArray<string> WithoutPackages { get; init; } = [];

    /// <summary>A program of this repository, in layers above the packages.</summary>
    public PublishedProgram? Program { get; init; }

    /// <summary>What runs when the container names no command.</summary>
    public required ImmutableArray<string> Entrypoint { get; init; }

    /// <summary>Environment as <c>NAME=value</c>.</summary>
    public ImmutableArray<string> Environment { get; init; } = [];

    /// <summary>Numeric user and group; numeric, so that the kubelet can check <c>runAsNonRoot</c> without a passwd file.</summary>
    public string User { get; init; } = $"{NonRootUser}:{NonRootUser}";

    /// <summary>Working directory of the entrypoint.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>The name that Pods use for the locally built image.</summary>
    public string Reference => $"{Registry}/{Name}:{LocalTag}";
}
