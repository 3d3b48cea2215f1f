using System.Text.Json.Nodes;

namespace Kiban.Datasets.Loading;

/// <summary>Reads fields of JSON that another program wrote: what is not of the kind wanted counts as absent.</summary>
internal static class JsonFields
{
    public static string? Text(this JsonObject fields, string name) =>
        fields[name] is JsonValue value && value.TryGetValue(out string? text) ? text : null;

    public static double? Number(this JsonObject fields, string name) =>
        fields[name] is JsonValue value && value.TryGetValue(out double number) && double.IsFinite(number) ? number : null;
}
