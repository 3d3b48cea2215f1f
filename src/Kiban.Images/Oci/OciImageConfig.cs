using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Kiban.Images.Oci;

/// <summary>The image configuration, <see href="https://github.com/opencontainers/image-spec/blob/v1.1.0/config.md"/>.</summary>
internal sealed record OciImageConfig
{
    public required string Created { get; init; }

    public required string Architecture { get; init; }

    public required string Os { get; init; }

    public required ContainerConfig Config { get; init; }

    public required RootFileSystem Rootfs { get; init; }

    public required ImmutableArray<LayerHistory> History { get; init; }

    /// <summary>Defaults for containers of the image. The specification spells these keys with capitals.</summary>
    internal sealed record ContainerConfig
    {
        [JsonPropertyName("User")]
        public required string User { get; init; }

        [JsonPropertyName("Env")]
        public required ImmutableArray<string> Env { get; init; }

        [JsonPropertyName("Entrypoint")]
        public required ImmutableArray<string> Entrypoint { get; init; }

        [JsonPropertyName("WorkingDir")]
        public required string WorkingDir { get; init; }

        [JsonPropertyName("Labels")]
        public required ImmutableSortedDictionary<string, string> Labels { get; init; }
    }

    /// <summary>Digests of the uncompressed layers.</summary>
    internal sealed record RootFileSystem(string Type, [property: JsonPropertyName("diff_ids")] ImmutableArray<string> DiffIds);

    /// <summary>What a person reads in <c>docker history</c>.</summary>
    internal sealed record LayerHistory(string Created, [property: JsonPropertyName("created_by")] string CreatedBy);
}
