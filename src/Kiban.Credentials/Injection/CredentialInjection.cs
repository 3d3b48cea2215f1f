namespace Kiban.Credentials.Injection;

/// <summary>What one source of credentials (a typed Secret, or a keyless form) puts into a Pod.</summary>
internal sealed record CredentialInjection
{
    /// <summary>What it is, for messages: <c>Secret "minio"</c>.</summary>
    public required string Source { get; init; }

    public required IReadOnlyList<InjectedVolume> Volumes { get; init; }

    public required IReadOnlyList<InjectedEnv> Env { get; init; }

    /// <summary>Variables that SDKs prefer to what is injected; the author is warned where a container sets one.</summary>
    public IReadOnlyList<string> OverridingVariables { get; init; } = [];

    /// <summary>Containers that this source leaves alone.</summary>
    public IReadOnlySet<string> SkippedContainers { get; init; } = new HashSet<string>();

    /// <summary>Annotations that the volumes refer to.</summary>
    public IReadOnlyDictionary<string, string> PodAnnotations { get; init; } = new Dictionary<string, string>();
}
