using System.Buffers;
using System.Text;

namespace Kiban.Loader.Stores;

/// <summary>
/// Percent-encoding of keys in paths and of values in queries, as signatures want it: every byte but <c>A–Z a–z 0–9 - . _ ~</c>
/// (<see href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html"/>).
/// </summary>
internal static class KeyEncoding
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/");

    /// <summary>Encodes a key for a path; its slashes stay.</summary>
    public static string Encode(string key) => key.AsSpan().IndexOfAnyExcept(Plain) < 0 ? key : Encode(key, keepsSlashes: true);

    /// <summary>Encodes a value whole, slashes too.</summary>
    public static string EncodeValue(string value) => Encode(value, keepsSlashes: false);

    private static string Encode(string text, bool keepsSlashes)
    {
        var encoded = new StringBuilder(text.Length + 16);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            var letter = (char)value;
            if (letter == '/' ? keepsSlashes : value < 0x80 && Plain.Contains(letter))
                encoded.Append(letter);
            else
                encoded.Append('%').Append(value.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }
}
