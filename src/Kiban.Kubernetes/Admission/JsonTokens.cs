using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kiban.Kubernetes.Admission;

/// <summary>How admission reads, writes and compares JSON.</summary>
internal static class JsonTokens
{
    /// <summary>The nesting that the API server itself accepts (Go's <c>encoding/json</c>).</summary>
    public const int MaxDepth = 10_000;

    /// <summary>Strict: a property that occurs twice would mean one thing to us and another to the API server.</summary>
    public static readonly JsonDocumentOptions DocumentOptions = new() { AllowDuplicateProperties = false, MaxDepth = MaxDepth };

    /// <summary>Escapes no more than JSON demands; what is written is read by a JSON parser, never by a browser.</summary>
    public static readonly JsonWriterOptions WriterOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = MaxDepth,
        SkipValidation = true,
    };

    /// <inheritdoc cref="WriterOptions"/>
    public static readonly JsonSerializerOptions SerializerOptions = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = MaxDepth,
    };

    /// <summary>
    /// Whether both are the same value: members in any order, strings however they are escaped, numbers spelled the same.
    /// </summary>
    public static bool AreSame(JsonElement before, JsonNode? after)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (after)
        {
            case null:
                return before.ValueKind == JsonValueKind.Null;
            case JsonObject members:
                return before.ValueKind == JsonValueKind.Object && HaveSameMembers(before, members);
            case JsonArray elements:
                return before.ValueKind == JsonValueKind.Array && HaveSameElements(before, elements);
            default:
                return IsSameValue(before, after.AsValue());
        }
    }

    private static bool HaveSameMembers(JsonElement before, JsonObject after)
    {
        var count = 0;
        foreach (var member in before.EnumerateObject())
        {
            if (!after.TryGetPropertyValue(member.Name, out var value) || !AreSame(member.Value, value))
                return false;
            count++;
        }

        return count == after.Count;
    }

    private static bool HaveSameElements(JsonElement before, JsonArray after)
    {
        if (before.GetArrayLength() != after.Count)
            return false;
        var index = 0;
        foreach (var element in before.EnumerateArray())
        {
            if (!AreSame(element, after[index++]))
                return false;
        }

        return true;
    }

    private static bool IsSameValue(JsonElement before, JsonValue after)
    {
        var kind = after.GetValueKind();
        if (before.ValueKind != kind)
            return false;
        if (after.TryGetValue<JsonElement>(out var untouched))
        {
            if (JsonMarshal.GetRawUtf8Value(before).SequenceEqual(JsonMarshal.GetRawUtf8Value(untouched)))
                return true;
            return kind == JsonValueKind.String && before.ValueEquals(untouched.GetString());
        }

        return kind switch
        {
            JsonValueKind.String => before.ValueEquals(after.GetValue<string>()),
            JsonValueKind.Number => before.GetRawText() == after.ToJsonString(),
            _ => true,
        };
    }
}
