using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Kiban.Loader.Loading;

namespace Kiban.Loader.Planning;

/// <summary>
/// Names what a load brings: SHA-256 over the sources, the filters and the listing. Two loads with the same digest have the same content; it is
/// the key under which a loaded volume is shared.
/// </summary>
internal static class ContentDigest
{
    /// <summary>Begins every text that is digested; another form would have another number.</summary>
    private const string Form = "kiban-content/1";

    /// <summary>The digest of what a load with these options brings, as <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public static string Of(IEnumerable<LoadSource> sources, LoadOptions options, IEnumerable<PlannedFile> files) =>
        Of(sources.Select(source => source.Name), options.Filter, options.Directory, files.Select(file => (file.Path, file.Object.Size, file.Object.Version)));

    /// <summary>The digest as <c>sha256:</c> and 64 hexadecimal digits.</summary>
    /// <param name="sources">Canonical sources; their order does not matter.</param>
    /// <param name="filter">What of them is taken; the order of patterns does not matter.</param>
    /// <param name="directory">Directory below the volume that they are loaded into; empty for the volume itself.</param>
    /// <param name="files">All files as they were listed, in any order.</param>
    public static string Of(
        IEnumerable<string> sources, PathFilter filter, string directory, IEnumerable<(string Path, long? Size, string? Version)> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, Form, directory);
        foreach (var source in sources.Order(StringComparer.Ordinal))
            Append(hash, "source", source);
        foreach (var pattern in filter.Include.Select(pattern => pattern.Text).Order(StringComparer.Ordinal))
            Append(hash, "include", pattern);
        foreach (var pattern in filter.Exclude.Select(pattern => pattern.Text).Order(StringComparer.Ordinal))
            Append(hash, "exclude", pattern);
        foreach (var (path, size, version) in files.OrderBy(file => file.Path, StringComparer.Ordinal))
            Append(hash, "file", path, size?.ToString(CultureInfo.InvariantCulture) ?? "", version ?? "");
        return "sha256:" + Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Fields end in NUL, which is in no path, and records in a line feed, so that no two listings make the same text.</summary>
    private static void Append(IncrementalHash hash, params ReadOnlySpan<string> fields)
    {
        Span<byte> shortField = stackalloc byte[512];
        foreach (var field in fields)
        {
            var bytes = Encoding.UTF8.GetMaxByteCount(field.Length) <= shortField.Length
                ? shortField[..Encoding.UTF8.GetBytes(field, shortField)]
                : Encoding.UTF8.GetBytes(field);
            hash.AppendData(bytes);
            hash.AppendData("\0"u8);
        }

        hash.AppendData("\n"u8);
    }
}
