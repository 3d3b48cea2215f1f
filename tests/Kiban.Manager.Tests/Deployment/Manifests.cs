using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Kiban.Manager.Tests.Deployment;

/// <summary>What <c>kubectl kustomize</c> makes of an overlay.</summary>
internal static class Manifests
{
    /// <summary>Renders an overlay to its objects, in the order in which kubectl would apply them.</summary>
    public static async Task<IReadOnlyList<JsonObject>> RenderAsync(string kubectl, string overlay, CancellationToken cancellationToken)
    {
        var result = await Command.RunAsync(kubectl, ["kustomize", Repository.Overlay(overlay)], cancellationToken);
        result.Succeeded.ShouldBeTrue(result.Error);
        return Parse(result.Output);
    }

    /// <summary>The objects of a YAML stream.</summary>
    public static IReadOnlyList<JsonObject> Parse(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return [.. stream.Documents.Select(document => Convert(document.RootNode)).OfType<JsonObject>()];
    }

    /// <summary>Kind, namespace and name, for messages and comparisons.</summary>
    public static string Identity(JsonObject manifest) =>
        $"{manifest["apiVersion"]} {manifest["kind"]} {manifest["metadata"]!["namespace"]}/{manifest["metadata"]!["name"]}";

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        // Sorted, because kustomize releases differ in the order of keys.
        YamlMappingNode map => new JsonObject(map.Children
            .OrderBy(pair => ((YamlScalarNode)pair.Key).Value, StringComparer.Ordinal)
            .Select(pair => KeyValuePair.Create(((YamlScalarNode)pair.Key).Value!, Convert(pair.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Convert)]),
        YamlScalarNode { Style: ScalarStyle.Plain } scalar => Plain(scalar.Value ?? ""),
        YamlScalarNode scalar => scalar.Value,
        _ => throw new YamlException(node.Start, node.End, $"A {node.NodeType} has no JSON form."),
    };

    private static JsonNode? Plain(string value) => value switch
    {
        "" or "null" or "~" => null,
        "true" => true,
        "false" => false,
        _ when long.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var number) => number,
        _ => value,
    };
}
