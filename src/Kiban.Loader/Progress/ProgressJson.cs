using System.Text.Json.Serialization;

namespace Kiban.Loader.Progress;

/// <summary>JSON of what the program tells.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ProgressLine))]
[JsonSerializable(typeof(EndReport))]
[JsonSerializable(typeof(ListedFile))]
internal sealed partial class ProgressJson : JsonSerializerContext;
