using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace Kiban.ObjectStore.Testing.Google;

/// <summary>A service account with a key made here.</summary>
public sealed class TestServiceAccount : IDisposable
{
    private readonly RSA _key = RSA.Create(2048);

    internal TestServiceAccount(string email, Uri tokenUri)
    {
        Email = email;
        TokenUri = tokenUri;
    }

    /// <summary>Its address.</summary>
    public string Email { get; }

    /// <summary>Where it gets its tokens.</summary>
    public Uri TokenUri { get; }

    /// <summary>Whether assertions signed with its key are refused, as after the key's removal.</summary>
    public bool IsDisabled { get; set; }

    /// <summary>The file <c>credentials.json</c> that Google would give out.</summary>
    public string CredentialsJson => new JsonObject
    {
        ["type"] = "service_account",
        ["project_id"] = "kiban-tests",
        ["private_key_id"] = "5f2b1c0d9e8a7b6c5d4e3f2a1b0c9d8e7f6a5b4c",
        ["private_key"] = _key.ExportPkcs8PrivateKeyPem() + "\n",
        ["client_email"] = Email,
        ["client_id"] = "112233445566778899000",
        ["token_uri"] = TokenUri.ToString(),
    }.ToJsonString();

    internal bool Verify(byte[] data, byte[] signature) => _key.VerifyData(data, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);

    /// <inheritdoc/>
    public void Dispose() => _key.Dispose();
}
