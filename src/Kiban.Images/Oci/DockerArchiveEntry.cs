using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Kiban.Images.Oci;

/// <summary>The entry of <c>manifest.json</c> with which <c>docker load</c> of releases before 25 finds its way in an image layout.</summary>
internal sealed record DockerArchiveEntry(
    [property: JsonPropertyName("Config")] string Config,
    [property: JsonPropertyName("RepoTags")] ImmutableArray<string> RepoTags,
    [property: JsonPropertyName("Layers")] ImmutableArray<string> Layers);
