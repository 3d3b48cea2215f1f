using System.Security.Cryptography;
using System.Text.Json;

namespace Kiban.EndToEnd.Google;

/// <summary>A service account key in the form in which Google issues them, made here.</summary>
public sealed class GoogleKey : IDisposable
{
    private readonly RSA _key = RSA.Create(2048);

    /// <summary>Project of the service account.</summary>
    public const string Project = "kiban-tests";

    /// <summary>E-mail address of the service account.</summary>
    public const string Email = "loader@kiban-tests.iam.gserviceaccount.com";

    /// <summary>The public half.</summary>
    public RSA PublicKey
    {
        get
        {
            var key = RSA.Create();
            key.ImportSubjectPublicKeyInfo(_key.ExportSubjectPublicKeyInfo(), out _);
            return key;
        }
    }

    /// <summary>The file <c>credentials.json</c>.</summary>
    /// <param name="tokenUri">Where the key is exchanged for tokens.</param>
    public string File(string tokenUri) => JsonSerializer.Serialize(new Dictionary<string, string>
    {
        ["type"] = "service_account",
        ["project_id"] = Project,
        ["private_key_id"] = "5f2b1c0d9e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c",
        ["private_key"] = _key.ExportPkcs8PrivateKeyPem() + "\n",
        ["client_email"] = Email,
        ["client_id"] = "112233445566778899000",
        ["token_uri"] = tokenUri,
    });

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
