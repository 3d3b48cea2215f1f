using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json.Nodes;

namespace Kiban.Credentials.Validation;

/// <summary>The decoded values of a Secret under review. It must not outlive the review, and is never logged.</summary>
internal sealed class SecretData
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly Dictionary<string, byte[]> _values = new(StringComparer.Ordinal);

    private SecretData()
    {
    }

    public IEnumerable<string> Keys => _values.Keys.Order(StringComparer.Ordinal);

    public bool Has(string key) => _values.ContainsKey(key);

    public int Length(string key) => _values[key].Length;

    /// <summary>
    /// Reads <c>data</c>, and over it <c>stringData</c>: the API server merges the latter before admission, but a review made by
    /// anything else may still carry it.
    /// </summary>
    public static SecretData Of(JsonObject secret)
    {
        var data = new SecretData();
        foreach (var (key, value) in secret["data"] as JsonObject ?? [])
            data._values[key] = Decode(value);
        foreach (var (key, value) in secret["stringData"] as JsonObject ?? [])
            data._values[key] = Utf8.GetBytes(Text(value) ?? "");
        return data;
    }

    /// <summary>The value as text; false where the key is absent or its bytes are no UTF-8.</summary>
    public bool TryGetText(string key, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (!_values.TryGetValue(key, out var bytes))
            return false;
        try
        {
            text = Utf8.GetString(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    /// <summary>Whether the keys have the same bytes (or are absent) in both.</summary>
    public bool Equals(SecretData other, IEnumerable<string> keys) =>
        keys.All(key => _values.TryGetValue(key, out var mine)
            ? other._values.TryGetValue(key, out var theirs) && mine.AsSpan().SequenceEqual(theirs)
            : !other._values.ContainsKey(key));

    private static byte[] Decode(JsonNode? value)
    {
        try
        {
            return Convert.FromBase64String(Text(value) ?? "");
        }
        catch (FormatException)
        {
            return []; // The server itself refuses data that is not base64.
        }
    }

    private static string? Text(JsonNode? value) => value is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : null;
}
