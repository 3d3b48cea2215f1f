using System.Text.Json.Serialization;

namespace Kiban.Loader.Stores.Google;

/// <summary>What a token endpoint answers (RFC 6749, section 5). Not a record, so that nothing prints it.</summary>
internal sealed class TokenAnswer
{
    /// <summary>The token.</summary>
    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }

    /// <summary>How long it is good, seconds.</summary>
    [JsonPropertyName("expires_in")]
    public long? ExpiresIn { get; init; }

    /// <summary>Stable reason of a refusal.</summary>
    [JsonPropertyName("error")]
    public string? Error { get; init; }

    /// <summary>A refusal for people.</summary>
    [JsonPropertyName("error_description")]
    public string? ErrorDescription { get; init; }
}
