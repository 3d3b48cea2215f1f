using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kiban.Credentials.Api;

/// <summary>Reads the names of an object's properties and passes over the values without ever making strings of them.</summary>
internal sealed class KeyNamesConverter : JsonConverter<IReadOnlyList<string>>
{
    // Names that nearly every typed Secret has are kept once for all of them, which with thousands of Secrets saves megabytes.
    private static readonly string[] CommonNames =
    [
        CredentialsApi.Aws.AccessKeyIdKey, CredentialsApi.Aws.SecretAccessKeyKey, CredentialsApi.Aws.SessionTokenKey, CredentialsApi.Aws.RegionKey,
        CredentialsApi.Aws.EndpointUrlKey, CredentialsApi.Aws.CaBundleKey, CredentialsApi.Aws.RenderedCredentialsKey, CredentialsApi.Aws.RenderedConfigKey,
        CredentialsApi.Gcp.CredentialsKey, CredentialsApi.Gcp.ProjectKey, CredentialsApi.Gcp.RenderedProjectKey,
    ];

    public override IReadOnlyList<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("The data of a Secret is not an object.");
        var names = new List<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            names.Add(NameOf(ref reader));

            // Not Skip, which throws while a stream is read and its end has not come yet. The serializer has read the whole object ahead.
            if (!reader.TrySkip())
                throw new JsonException("The data of a Secret is cut off.");
        }
        return names;
    }

    private static string NameOf(ref Utf8JsonReader reader)
    {
        foreach (var name in CommonNames)
        {
            if (reader.ValueTextEquals(name))
                return name;
        }
        return reader.GetString()!;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options) =>
        throw new NotSupportedException("A Secret known only by its key names cannot be written.");
}
