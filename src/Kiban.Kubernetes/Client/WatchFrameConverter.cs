using System.Text.Json;
using System.Text.Json.Serialization;
using k8s;
using k8s.Models;

namespace Kiban.Kubernetes.Client;

/// <summary>
/// Reads a watch document in one pass. What <c>object</c> is depends on <c>type</c>, which servers send first but need not: the object
/// is then skipped and read from a copy of the reader once the type is known.
/// </summary>
internal sealed class WatchFrameConverter<T> : JsonConverter<WatchFrame<T>>
    where T : class, IKubernetesObject<V1ObjectMeta>
{
    public override WatchFrame<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException($"A watch event is a JSON object, but the stream holds a {reader.TokenType}.");
        }

        string? type = null;
        var atObject = default(Utf8JsonReader);
        var skipped = false;
        WatchFrame<T>? frame = null;

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("type"u8))
            {
                reader.Read();
                type = reader.GetString();
            }
            else if (reader.ValueTextEquals("object"u8))
            {
                reader.Read();
                if (type is null)
                {
                    atObject = reader;
                    skipped = true;
                    Skip(ref reader);
                }
                else
                {
                    frame = ReadObject(ref reader, type, options);
                }
            }
            else
            {
                reader.Read();
                Skip(ref reader);
            }
        }

        if (type is null)
        {
            throw new JsonException("A document of the watch stream has no type.");
        }

        if (frame is null && skipped)
        {
            frame = ReadObject(ref atObject, type, options);
        }

        return frame ?? new WatchFrame<T>(type, null, null);
    }

    public override void Write(Utf8JsonWriter writer, WatchFrame<T> value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Watch events are only read.");

    private static WatchFrame<T> ReadObject(ref Utf8JsonReader reader, string type, JsonSerializerOptions options)
    {
        switch (type)
        {
            case "ERROR":
                return new(type, null, JsonSerializer.Deserialize<V1Status>(ref reader, options));
            case "BOOKMARK":
                // A bookmark has only metadata: read as T it would miss whatever T declares as required.
                var bookmark = Activator.CreateInstance<T>();
                var partial = JsonSerializer.Deserialize<BookmarkObject>(ref reader, options);
                bookmark.ApiVersion = partial?.ApiVersion;
                bookmark.Kind = partial?.Kind;
                bookmark.Metadata = partial?.Metadata ?? new V1ObjectMeta();
                return new(type, bookmark, null);
            case "ADDED" or "MODIFIED" or "DELETED":
                return new(type, JsonSerializer.Deserialize<T>(ref reader, options), null);
            default:
                Skip(ref reader);
                return new(type, null, null);
        }
    }

    /// <summary>The whole document is buffered before a converter is called, but the reader may not know that it is the last block.</summary>
    private static void Skip(ref Utf8JsonReader reader)
    {
        if (!reader.TrySkip())
        {
            throw new JsonException("A document of the watch stream is not whole.");
        }
    }

    private sealed record BookmarkObject(string? ApiVersion, string? Kind, V1ObjectMeta? Metadata);
}
