using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kiban.Kubernetes.Admission;

/// <summary>
/// The smallest reasonable RFC 6902 patch (<see href="https://www.rfc-editor.org/rfc/rfc6902"/>) from one JSON value to another. What is
/// the same on both sides is never named in it, so a field that this program does not know reaches the API server exactly as it came.
/// Numbers are compared by their text: <c>1.0</c>, <c>1e0</c> and <c>1</c> are three values, and integers of any size survive.
/// </summary>
public sealed class JsonPatch
{
    private readonly List<JsonPatchOperation> _operations = [];

    private JsonPatch()
    {
    }

    /// <summary>The operations, to be applied in this order.</summary>
    public IReadOnlyList<JsonPatchOperation> Operations => _operations;

    /// <summary>True when both sides were the same.</summary>
    public bool IsEmpty => _operations.Count == 0;

    /// <summary>
    /// The patch that turns <paramref name="before"/> into <paramref name="after"/>. Its values are nodes of <paramref name="after"/>, not
    /// copies: write the patch before they change again.
    /// </summary>
    /// <exception cref="InsufficientExecutionStackException">The values are nested too deeply for the stack.</exception>
    public static JsonPatch Between(JsonElement before, JsonNode? after)
    {
        var patch = new JsonPatch();
        patch.Compare(JsonPath.Root, before, after);
        return patch;
    }

    /// <inheritdoc cref="Between(JsonElement, JsonNode?)"/>
    public static JsonPatch Between(JsonNode? before, JsonNode? after)
    {
        // The clone does not depend on the document, and keeps the text of every number.
        using var document = JsonDocument.Parse(before?.ToJsonString(JsonTokens.SerializerOptions) ?? "null", JsonTokens.DocumentOptions);
        return Between(document.RootElement.Clone(), after);
    }

    /// <summary>Writes the patch as a JSON array.</summary>
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var operation in _operations)
        {
            writer.WriteStartObject();
            writer.WriteString("op"u8, operation.Kind switch
            {
                JsonPatchOperationKind.Add => "add"u8,
                JsonPatchOperationKind.Remove => "remove"u8,
                _ => "replace"u8,
            });
            writer.WriteString("path"u8, operation.Path);
            if (operation.Kind != JsonPatchOperationKind.Remove)
            {
                writer.WritePropertyName("value"u8);
                if (operation.Value is null)
                    writer.WriteNullValue();
                else
                    operation.Value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>The patch as a JSON array that shares nothing with the values it was computed from.</summary>
    public JsonArray ToJsonArray()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, JsonTokens.WriterOptions))
            WriteTo(writer);
        return JsonNode.Parse(stream.ToArray(), documentOptions: JsonTokens.DocumentOptions)!.AsArray();
    }

    private void Compare(JsonPath path, JsonElement before, JsonNode? after)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        switch (after)
        {
            case JsonObject members when before.ValueKind == JsonValueKind.Object:
                CompareObjects(path, before, members);
                break;
            case JsonArray elements when before.ValueKind == JsonValueKind.Array:
                CompareArrays(path, before, elements);
                break;
            default:
                if (!JsonTokens.AreSame(before, after))
                    Emit(JsonPatchOperationKind.Replace, path, after);
                break;
        }
    }

    private void CompareObjects(JsonPath path, JsonElement before, JsonObject after)
    {
        var kept = 0;
        foreach (var member in before.EnumerateObject())
        {
            if (after.TryGetPropertyValue(member.Name, out var value))
            {
                kept++;
                Compare(path.Member(member.Name), member.Value, value);
            }
            else
            {
                Emit(JsonPatchOperationKind.Remove, path.Member(member.Name), null);
            }
        }

        if (kept == after.Count)
            return;
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in before.EnumerateObject())
            known.Add(member.Name);
        foreach (var (name, value) in after)
        {
            if (!known.Contains(name))
                Emit(JsonPatchOperationKind.Add, path.Member(name), value);
        }
    }

    private void CompareArrays(JsonPath path, JsonElement before, JsonArray after)
    {
        JsonElement[] old = [.. before.EnumerateArray()];
        var alignment = ArrayAlignment.Of(old, after);
        // Operations run from left to right, so the index is always one of the array as it will be, and "-" is right
        // once nothing of the old array is left behind it.
        var position = 0;
        var remaining = old.Length;
        foreach (var step in alignment)
        {
            switch (step)
            {
                case { Before: { } i, After: { } j }:
                    if (!step.AreSame)
                        Compare(path.Element(position), old[i], after[j]);
                    remaining--;
                    position++;
                    break;
                case { Before: { } }:
                    Emit(JsonPatchOperationKind.Remove, path.Element(position), null);
                    remaining--;
                    break;
                case { After: { } j }:
                    Emit(JsonPatchOperationKind.Add, remaining == 0 ? path.End() : path.Element(position), after[j]);
                    position++;
                    break;
            }
        }
    }

    private void Emit(JsonPatchOperationKind kind, JsonPath path, JsonNode? value) => _operations.Add(new(kind, path.ToString(), value));

    /// <summary>A pointer that is only spelled out when an operation needs it.</summary>
    private sealed class JsonPath
    {
        public static readonly JsonPath Root = new(null, null, 0);

        private readonly JsonPath? _parent;
        private readonly string? _member;
        private readonly int _element;

        private JsonPath(JsonPath? parent, string? member, int element) => (_parent, _member, _element) = (parent, member, element);

        public JsonPath Member(string name) => new(this, name, 0);

        public JsonPath Element(int index) => new(this, null, index);

        public JsonPath End() => new(this, "-", 0);

        public override string ToString()
        {
            var segments = new Stack<string>();
            for (var path = this; path._parent is not null; path = path._parent)
            {
                segments.Push(path._member is null
                    ? path._element.ToString(CultureInfo.InvariantCulture)
                    : path._member.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
            }

            return segments.Count == 0 ? "" : "/" + string.Join('/', segments);
        }
    }
}
