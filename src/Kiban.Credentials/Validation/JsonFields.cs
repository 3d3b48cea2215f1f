using System.Text.Json;

namespace Kiban.Credentials.Validation;

/// <summary>An object inside a JSON value of a Secret, read field by field with findings that name the path.</summary>
/// <param name="element">The object.</param>
/// <param name="path">Its path, such as <c>data["credentials.json"] $.credential_source</c>.</param>
/// <param name="review">Where findings go.</param>
internal sealed class JsonFields(JsonElement element, string path, SecretReview review)
{
    // No e-mail address, id or URL of a credential is longer, and the patterns they are held against stay cheap.
    private const int LongestWord = 2048;

    public string Path(string name) => $"{path}.{name}";

    public bool Has(string name) => element.TryGetProperty(name, out _);

    public void Refuse(string name, string found, string wanted) => review.Refuse(Path(name), found, wanted);

    public void Warn(string name, string sentence) => review.Warn(Path(name), sentence);

    /// <summary>A field that must be one printable word; null, with a finding, where it is something else; null where it is absent and optional.</summary>
    public string? Word(string name, bool required, string wanted)
    {
        if (Text(name, required, wanted) is not { } text)
            return null;
        if (TextRules.WordFault(text) is { } fault)
            Refuse(name, fault.Found, wanted);
        else if (text.Length > LongestWord)
            Refuse(name, TextRules.Count(text), $"{wanted} (at most {LongestWord} characters)");
        else
            return text;
        return null;
    }

    /// <summary>A field that must be a string.</summary>
    public string? Text(string name, bool required, string wanted)
    {
        if (!element.TryGetProperty(name, out var value))
        {
            if (required)
                Refuse(name, "nothing", wanted);
            return null;
        }
        if (value.ValueKind == JsonValueKind.String)
            return value.GetString()!;
        Refuse(name, KindOf(value), wanted);
        return null;
    }

    /// <summary>A field that must be an object.</summary>
    public JsonFields? Object(string name, bool required, string wanted)
    {
        if (!element.TryGetProperty(name, out var value))
        {
            if (required)
                Refuse(name, "nothing", wanted);
            return null;
        }
        if (value.ValueKind == JsonValueKind.Object)
            return new JsonFields(value, Path(name), review);
        Refuse(name, KindOf(value), wanted);
        return null;
    }

    /// <summary>
    /// Finds names that come twice, also where they differ only in case: parsers disagree about which one counts (Go ignores case),
    /// so a harmless one would be reviewed and another one used.
    /// </summary>
    public static bool HasAmbiguousNames(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().GroupBy(field => field.Name, StringComparer.OrdinalIgnoreCase).Any(group => group.Count() > 1)
            || element.EnumerateObject().Any(field => HasAmbiguousNames(field.Value)),
        JsonValueKind.Array => element.EnumerateArray().Any(HasAmbiguousNames),
        _ => false,
    };

    public static string KindOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "a JSON object",
        JsonValueKind.Array => "a JSON array",
        JsonValueKind.String => "a JSON string",
        JsonValueKind.Number => "a JSON number",
        JsonValueKind.Null => "null",
        _ => "a JSON Boolean",
    };
}
