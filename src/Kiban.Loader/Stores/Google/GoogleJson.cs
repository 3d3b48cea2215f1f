using System.Text.Json.Serialization;

namespace Kiban.Loader.Stores.Google;

/// <summary>Readers and writers of Google's documents, made at build time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(ObjectsPage))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(ImpersonationAnswer))]
[JsonSerializable(typeof(CredentialFile))]
internal sealed partial class GoogleJson : JsonSerializerContext;
