using System.Text;

namespace Kiban.Kubernetes.Connection;

/// <summary>
/// Writes a header with several values as several HTTP/1.1 lines. .NET joins them with commas into one, which the API server reads as a
/// single group of that name; no other way to repeat a header is left open.
/// </summary>
internal sealed class RepeatedHeaderEncoding(string header) : Encoding
{
    /// <summary>Stands between two values on the way here; a private-use character that no valid name has.</summary>
    private const char Separator = '\uE000';

    private readonly string _newLine = $"\r\n{header}: ";

    public static string Join(IEnumerable<string> values) =>
        string.Join(Separator, values.Select(value => value.Contains(Separator) ? throw new KubernetesConnectionException("A name to impersonate has a private-use character.") : value));

    public override int GetByteCount(char[] chars, int index, int count) => UTF8.GetByteCount(Expand(chars, index, count));

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        UTF8.GetBytes(Expand(chars, charIndex, charCount), bytes.AsSpan(byteIndex));

    public override int GetMaxByteCount(int charCount) => UTF8.GetMaxByteCount(charCount) * _newLine.Length;

    public override int GetCharCount(byte[] bytes, int index, int count) => throw new NotSupportedException("Headers are only written.");

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) => throw new NotSupportedException("Headers are only written.");

    public override int GetMaxCharCount(int byteCount) => throw new NotSupportedException("Headers are only written.");

    private string Expand(char[] chars, int index, int count) => new string(chars, index, count).Replace(Separator.ToString(), _newLine, StringComparison.Ordinal);
}
