using System.Security.Cryptography;

namespace Kiban.LocalCluster.Pki;

/// <summary>
/// The key pair that signs and checks service account tokens. RSA, so that the tokens are RS256: the one algorithm that every
/// consumer of a cluster's OIDC documents (cloud identity federation among them) must support.
/// </summary>
public sealed record ServiceAccountKeys(string PrivateKeyPath, string PublicKeyPath)
{
    /// <summary>Reads the pair in the directory, or makes one.</summary>
    public static ServiceAccountKeys LoadOrCreate(string directory)
    {
        var keys = new ServiceAccountKeys(Path.Combine(directory, "service-accounts.key"), Path.Combine(directory, "service-accounts.pub"));
        using var key = RSA.Create(2048);
        if (File.Exists(keys.PrivateKeyPath))
        {
            key.ImportFromPem(File.ReadAllText(keys.PrivateKeyPath));
        }
        else
        {
            AtomicFile.Write(keys.PrivateKeyPath, key.ExportRSAPrivateKeyPem() + "\n", AtomicFile.Private);
        }

        // Written each time: after a crash between the two files the private one decides.
        AtomicFile.Write(keys.PublicKeyPath, key.ExportSubjectPublicKeyInfoPem() + "\n", AtomicFile.Public);
        return keys;
    }
}
