using System.Security.Cryptography;
using System.Text;

namespace Kiban.Datasets.Declaring;

/// <summary>
/// Names what a claim's volume shall hold: equal as long as the same claim asks for the same. How Pods wait, and with which Secret the
/// data is read, is not part of it.
/// </summary>
public static class LoadKey
{
    /// <summary>The key, 20 hexadecimal digits.</summary>
    public static string Of(string claimUid, DatasetRequest request) => Digest(
    [
        claimUid,
        .. request.Sources.Select(source => source.Canonical),
        "path", request.Path,
        "include", .. request.Include,
        "exclude", .. request.Exclude,
        request.AllowsEmpty ? "allow-empty" : "",
        request.Prunes ? "prune" : "",
        "reload", request.Reload,
    ]);

    /// <summary>The same of what any two claims may share: where the data is and goes, and not which claim, which credential or when.</summary>
    public static string OfSource(DatasetRequest request) => Digest(
    [
        .. request.Sources.Select(source => source.Canonical).Order(StringComparer.Ordinal),
        "path", request.Path,
        "include", .. request.Include,
        "exclude", .. request.Exclude,
    ]);

    /// <summary>A digest of texts that no other list of texts has.</summary>
    internal static string Digest(IEnumerable<string> texts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var text in texts)
        {
            var bytes = Encoding.UTF8.GetBytes(text);
            hash.AppendData(BitConverter.GetBytes(bytes.Length));
            hash.AppendData(bytes);
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..20];
    }
}
