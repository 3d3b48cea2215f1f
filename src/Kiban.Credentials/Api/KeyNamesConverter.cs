using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kiban.Credentials.Api;

/// <summary>Reads the names of an object's properties and passes over the values without ever making strings of them.</summary>
internal sealed class KeyNamesConverter : JsonConverter<IReadOnlyList<string>>
{
    public override IReadOnlyList<string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("The data of a Secret is not an object.");
        var names = new List<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            names.Add(reader.GetString()!);

            // Not Skip, which throws while a stream is read and its end has not come yet. The serializer has read the whole object ahead.
            if (!reader.TrySkip())
                throw new JsonException("The data of a Secret is cut off.");
        }
        return names;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<string> value, JsonSerializerOptions options) =>
        throw new NotSupportedException("A Secret known only by its key names cannot be written.");
}
