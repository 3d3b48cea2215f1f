using System.Security.Cryptography;

namespace Kiban.LocalCluster.Binaries.Download;

/// <summary>A checksum as a release publishes it beside a file.</summary>
public sealed record PublishedChecksum(HashAlgorithmName Algorithm, string Hex)
{
    /// <summary>
    /// Reads a checksum file: the digits alone (as Kubernetes has it) or followed by the file's name (as <c>sha256sum</c> prints it).
    /// </summary>
    /// <returns>Null when the text is no checksum of that algorithm, an error page for example.</returns>
    public static PublishedChecksum? Parse(HashAlgorithmName algorithm, string text)
    {
        var digits = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "";
        var length = algorithm == HashAlgorithmName.SHA512 ? 128 : 64;
        return digits.Length == length && digits.All(char.IsAsciiHexDigit) ? new PublishedChecksum(algorithm, digits.ToLowerInvariant()) : null;
    }

    /// <summary>True when the file has this checksum.</summary>
    public async Task<bool> FitsAsync(string path, CancellationToken cancellationToken)
    {
        await using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.Asynchronous | FileOptions.SequentialScan);
        return Convert.ToHexStringLower(await CryptographicOperations.HashDataAsync(Algorithm, stream, cancellationToken)) == Hex;
    }
}
