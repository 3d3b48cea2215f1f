using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Kiban.Testing.Golden;

/// <summary>Manifests as users write them, to raw JSON as the API server sends it, and back for expected files.</summary>
public static class Yaml
{
    /// <summary>All documents of a file.</summary>
    public static IReadOnlyList<JsonObject> Documents(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return [.. stream.Documents.Select(document => (JsonObject)ToJson(document.RootNode)!)];
    }

    /// <summary>The only document of a file.</summary>
    public static JsonObject Document(string yaml) => Documents(yaml).Single();

    /// <summary>YAML of a value.</summary>
    public static string Text(JsonNode node)
    {
        var writer = new StringWriter { NewLine = "\n" };
        new YamlStream(new YamlDocument(ToYaml(node))).Save(writer, assignAnchors: false);
        return writer.ToString().Replace("\r\n", "\n", StringComparison.Ordinal).Replace("\n...\n", "\n", StringComparison.Ordinal);
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(child =>
            KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, ToJson(child.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(ToJson)]),
        YamlScalarNode { Style: not ScalarStyle.Plain } quoted => JsonValue.Create(quoted.Value),
        YamlScalarNode { Value: null or "" or "null" or "~" } => null,
        YamlScalarNode { Value: "true" } => JsonValue.Create(true),
        YamlScalarNode { Value: "false" } => JsonValue.Create(false),
        YamlScalarNode number when long.TryParse(number.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => JsonValue.Create(whole),
        YamlScalarNode plain => JsonValue.Create(plain.Value),
        _ => throw new InvalidOperationException($"YAML node {node.NodeType} has no JSON."),
    };

    private static YamlNode ToYaml(JsonNode? node) => node switch
    {
        null => new YamlScalarNode("null"),
        JsonObject value => new YamlMappingNode(value.SelectMany(property => new[] { new YamlScalarNode(property.Key), ToYaml(property.Value) })),
        JsonArray array => new YamlSequenceNode(array.Select(ToYaml)),
        JsonValue scalar when scalar.TryGetValue<string>(out var text) => new YamlScalarNode(text) { Style = StyleOf(text) },
        _ => new YamlScalarNode(node.ToJsonString()),
    };

    private static ScalarStyle StyleOf(string text) => text switch
    {
        _ when text.Contains('\n', StringComparison.Ordinal) => ScalarStyle.Literal,
        "" or "true" or "false" or "null" or "~" => ScalarStyle.DoubleQuoted,
        _ when long.TryParse(text, CultureInfo.InvariantCulture, out _) => ScalarStyle.DoubleQuoted,
        _ => ScalarStyle.Any,
    };
}
