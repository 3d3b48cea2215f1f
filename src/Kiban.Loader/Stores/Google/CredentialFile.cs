using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kiban.Loader.Stores.Google;

/// <summary>A file <c>credentials.json</c> of any kind, as far as it is read. Not a record, so that nothing prints it.</summary>
internal sealed class CredentialFile
{
    /// <summary>Kind: <c>service_account</c>, <c>external_account</c> or <c>authorized_user</c>.</summary>
    public string? Type { get; init; }

    /// <summary>Address of a service account.</summary>
    [JsonPropertyName("client_email")]
    public string? ClientEmail { get; init; }

    /// <summary>A service account's key, PEM.</summary>
    [JsonPropertyName("private_key")]
    public string? PrivateKey { get; init; }

    /// <summary>Id of that key.</summary>
    [JsonPropertyName("private_key_id")]
    public string? PrivateKeyId { get; init; }

    /// <summary>Where a service account's assertions are exchanged.</summary>
    [JsonPropertyName("token_uri")]
    public string? TokenUri { get; init; }

    /// <summary>A person's program.</summary>
    [JsonPropertyName("client_id")]
    public string? ClientId { get; init; }

    /// <summary>That program's secret.</summary>
    [JsonPropertyName("client_secret")]
    public string? ClientSecret { get; init; }

    /// <summary>What a person has granted it.</summary>
    [JsonPropertyName("refresh_token")]
    public string? RefreshToken { get; init; }

    /// <summary>The provider that a workload of elsewhere goes through.</summary>
    public string? Audience { get; init; }

    /// <summary>Kind of the workload's own token.</summary>
    [JsonPropertyName("subject_token_type")]
    public string? SubjectTokenType { get; init; }

    /// <summary>Where the workload's own token is exchanged.</summary>
    [JsonPropertyName("token_url")]
    public string? TokenUrl { get; init; }

    /// <summary>Where the exchanged token gets that of a service account; null where it reads itself.</summary>
    [JsonPropertyName("service_account_impersonation_url")]
    public string? ServiceAccountImpersonationUrl { get; init; }

    /// <summary>Where the workload's own token is.</summary>
    [JsonPropertyName("credential_source")]
    public Source? CredentialSource { get; init; }

    /// <summary>Reads a file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="origin">What it is called in messages.</param>
    /// <exception cref="StoreException">It is none.</exception>
    public static CredentialFile Parse(string text, string origin)
    {
        try
        {
            if (JsonSerializer.Deserialize(text, GoogleJson.Default.CredentialFile) is { } file)
                return file;
        }
        catch (JsonException)
        {
            // The exception's own words could hold some of the file's.
        }

        throw new StoreException(StoreFailure.BadCredential, $"{origin} is no JSON object of a credential; write the file as Google issued it.");
    }

    /// <summary>Where a workload's own token is.</summary>
    internal sealed class Source
    {
        /// <summary>A file that holds it.</summary>
        public string? File { get; init; }

        /// <summary>An address that gives it.</summary>
        public string? Url { get; init; }

        /// <summary>Headers for that address.</summary>
        public IReadOnlyDictionary<string, string>? Headers { get; init; }

        /// <summary>How it is written there.</summary>
        public SourceFormat? Format { get; init; }
    }

    /// <summary>How a workload's own token is written.</summary>
    internal sealed class SourceFormat
    {
        /// <summary><c>text</c> or <c>json</c>.</summary>
        public string? Type { get; init; }

        /// <summary>In JSON, the field that is it.</summary>
        [JsonPropertyName("subject_token_field_name")]
        public string? SubjectTokenFieldName { get; init; }
    }
}
