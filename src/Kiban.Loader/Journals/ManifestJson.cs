using System.Text.Json.Serialization;
using Kiban.Loader.Planning;

namespace Kiban.Loader.Journals;

/// <summary>JSON of the manifest.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ManifestHeader))]
[JsonSerializable(typeof(LoadedFile))]
internal sealed partial class ManifestJson : JsonSerializerContext;
