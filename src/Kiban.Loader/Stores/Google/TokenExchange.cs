using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kiban.Loader.Stores.Connections;

namespace Kiban.Loader.Stores.Google;

/// <summary>
/// Gets tokens: for a service account by an assertion signed with its key
/// (<see href="https://developers.google.com/identity/protocols/oauth2/service-account#httprest"/>), for a workload of elsewhere by exchange of its own
/// token (<see href="https://google.aip.dev/auth/4117"/>), for a person by what they granted before.
/// </summary>
internal sealed class TokenExchange(StoreConnections connections, GoogleHosts hosts, TimeProvider time)
{
    private const string ReadStorage = "https://www.googleapis.com/auth/devstorage.read_only";
    private const string CloudPlatform = "https://www.googleapis.com/auth/cloud-platform";

    private static readonly TimeSpan AssertionLifetime = TimeSpan.FromHours(1);
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(30);

    /// <summary>A token for the credential.</summary>
    /// <param name="file">The credential.</param>
    /// <param name="origin">What it is called in messages.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreException">The credential cannot be used, or no token endpoint answers.</exception>
    public Task<AccessToken> GetAsync(CredentialFile file, string origin, CancellationToken cancellationToken) => file.Type switch
    {
        "service_account" => AssertAsync(file, origin, cancellationToken),
        "external_account" => ExchangeAsync(file, origin, cancellationToken),
        "authorized_user" => RefreshAsync(file, origin, cancellationToken),
        _ => throw new StoreException(StoreFailure.BadCredential, $"type of {origin} is absent or of another kind; service_account and external_account are known."),
    };

    private Task<AccessToken> AssertAsync(CredentialFile file, string origin, CancellationToken cancellationToken)
    {
        var address = hosts.Assertions(file.TokenUri, origin);
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:jwt-bearer",
            ["assertion"] = Assertion(file, origin),
        };
        return PostFormAsync(address, form, origin, cancellationToken);
    }

    private string Assertion(CredentialFile file, string origin)
    {
        var now = time.GetUtcNow();
        var header = Part(json =>
        {
            json.WriteString("alg", "RS256");
            json.WriteString("typ", "JWT");
            if (file.PrivateKeyId is not null)
                json.WriteString("kid", file.PrivateKeyId);
        });
        var claims = Part(json =>
        {
            json.WriteString("iss", Require(file.ClientEmail, "client_email", origin));
            json.WriteString("scope", ReadStorage);
            json.WriteString("aud", file.TokenUri);
            json.WriteNumber("iat", now.ToUnixTimeSeconds());
            json.WriteNumber("exp", (now + AssertionLifetime).ToUnixTimeSeconds());
        });
        using var key = RSA.Create();
        try
        {
            key.ImportFromPem(Require(file.PrivateKey, "private_key", origin));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new StoreException(StoreFailure.BadCredential, $"private_key of {origin} is no RSA key in PEM form; write the file as Google issued it.");
        }

        var signature = key.SignData(Encoding.ASCII.GetBytes($"{header}.{claims}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{header}.{claims}.{Base64Url.EncodeToString(signature)}";
    }

    private async Task<AccessToken> ExchangeAsync(CredentialFile file, string origin, CancellationToken cancellationToken)
    {
        var address = hosts.Service(file.TokenUrl, "sts", origin, "token_url");
        var impersonation = file.ServiceAccountImpersonationUrl is { } text
            ? hosts.Service(text, "iamcredentials", origin, "service_account_impersonation_url")
            : null;
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "urn:ietf:params:oauth:grant-type:token-exchange",
            ["audience"] = Require(file.Audience, "audience", origin),
            ["scope"] = impersonation is null ? ReadStorage : CloudPlatform,
            ["requested_token_type"] = "urn:ietf:params:oauth:token-type:access_token",
            ["subject_token_type"] = Require(file.SubjectTokenType, "subject_token_type", origin),
            ["subject_token"] = await SubjectTokenAsync(file, origin, cancellationToken),
        };
        var exchanged = await PostFormAsync(address, form, origin, cancellationToken);
        if (impersonation is null)
            return exchanged;
        using var request = new HttpRequestMessage(HttpMethod.Post, impersonation)
        {
            Content = new StringContent($$"""{"scope":["{{ReadStorage}}"],"lifetime":"3600s"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", exchanged.Value);
        var answer = await SendAsync(request, GoogleJson.Default.ImpersonationAnswer, origin, cancellationToken);
        return new AccessToken(answer.AccessToken, answer.ExpireTime);
    }

    private async Task<string> SubjectTokenAsync(CredentialFile file, string origin, CancellationToken cancellationToken)
    {
        var source = file.CredentialSource;
        var text = (source?.File, source?.Url) switch
        {
            ({ } path, _) => await ReadFileAsync(path, origin, cancellationToken),
            (_, { } url) => await FetchAsync(hosts.SubjectToken(url, origin), source.Headers, origin, cancellationToken),
            _ => throw new StoreException(StoreFailure.BadCredential, $"credential_source of {origin} names neither file nor url; one of them is wanted."),
        };
        if (source.Format?.Type == "json")
            text = FieldOf(text, Require(source.Format.SubjectTokenFieldName, "credential_source.format.subject_token_field_name", origin));
        return text.Trim() is { Length: > 0 } token
            ? token
            : throw new StoreException(StoreFailure.BadCredential, $"What credential_source of {origin} leads to holds no token.");
    }

    private static async Task<string> ReadFileAsync(string path, string origin, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException(StoreFailure.BadCredential, $"The file {path} that credential_source of {origin} names cannot be read ({e.GetType().Name}).", inner: e);
        }
    }

    private async Task<string> FetchAsync(Uri address, IReadOnlyDictionary<string, string>? headers, string origin, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers ?? new Dictionary<string, string>())
            request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await connections.SendAsync(request, cancellationToken);
        using var document = await connections.ReadDocumentAsync(request, answer, cancellationToken);
        return answer.IsSuccessStatusCode
            ? Encoding.UTF8.GetString(document.ToArray())
            : throw Refusal(answer, null, origin);
    }

    private Task<AccessToken> RefreshAsync(CredentialFile file, string origin, CancellationToken cancellationToken)
    {
        var form = new Dictionary<string, string>
        {
            ["grant_type"] = "refresh_token",
            ["client_id"] = Require(file.ClientId, "client_id", origin),
            ["client_secret"] = Require(file.ClientSecret, "client_secret", origin),
            ["refresh_token"] = Require(file.RefreshToken, "refresh_token", origin),
        };
        return PostFormAsync(hosts.Service(file.TokenUri ?? "https://oauth2.googleapis.com/token", "oauth2", origin, "token_uri"), form, origin, cancellationToken);
    }

    private async Task<AccessToken> PostFormAsync(Uri address, Dictionary<string, string> form, string origin, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new FormUrlEncodedContent(form) };
        var answer = await SendAsync(request, GoogleJson.Default.TokenAnswer, origin, cancellationToken);
        return answer.AccessToken is { Length: > 0 } token
            ? new AccessToken(token, time.GetUtcNow() + (answer.ExpiresIn is { } seconds ? TimeSpan.FromSeconds(seconds) : DefaultLifetime))
            : throw new StoreException(StoreFailure.Unavailable, $"{address.Authority} answered without a token.");
    }

    private async Task<T> SendAsync<T>(HttpRequestMessage request, JsonTypeInfo<T> type, string origin, CancellationToken cancellationToken)
        where T : class
    {
        using var answer = await connections.SendAsync(request, cancellationToken);
        using var document = await connections.ReadDocumentAsync(request, answer, cancellationToken);
        if (!answer.IsSuccessStatusCode)
            throw Refusal(answer, document, origin);
        return TryRead(document, type) ?? throw new StoreException(StoreFailure.Unavailable, $"{request.RequestUri!.Authority} answered something that is no token.");
    }

    private StoreException Refusal(HttpResponseMessage answer, Stream? document, string origin)
    {
        var status = (int)answer.StatusCode;
        var host = answer.RequestMessage!.RequestUri!.Authority;
        if (status is 429 or 408 or >= 500)
        {
            return new StoreException(
                status == 429 ? StoreFailure.Throttled : StoreFailure.Unavailable, $"{host} gives no token now ({status}).", connections.RetryAfter(answer));
        }

        // Only the stable code: descriptions of other makers' endpoints may repeat what was sent.
        var code = document is null ? null : TryRead(document, GoogleJson.Default.TokenAnswer)?.Error;
        return new StoreException(StoreFailure.BadCredential, $"{host} gives no token for {origin} ({status}{(code is null ? "" : " " + ServerText.Clean(code))}).");
    }

    private static T? TryRead<T>(Stream document, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(document, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string FieldOf(string text, string field)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.GetProperty(field).GetString() ?? "";
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "";
        }
    }

    private static string Part(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Base64Url.EncodeToString(buffer.ToArray());
    }

    private static string Require(string? value, string field, string origin) => value is { Length: > 0 }
        ? value
        : throw new StoreException(StoreFailure.BadCredential, $"{origin} has no {field}; write the file as Google issued it.");
}
