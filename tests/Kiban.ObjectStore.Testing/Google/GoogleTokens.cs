using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Kiban.ObjectStore.Testing.Google;

/// <summary>
/// Who gets tokens of Google's and which tokens are good: service accounts by assertions that they sign
/// (<see href="https://developers.google.com/identity/protocols/oauth2/service-account#httprest"/>), workloads of elsewhere by exchange
/// (<see href="https://google.aip.dev/auth/4117"/>).
/// </summary>
public sealed class GoogleTokens(TimeProvider time) : IDisposable
{
    private readonly ConcurrentDictionary<string, TestServiceAccount> _accounts = [];
    private readonly ConcurrentDictionary<string, DateTimeOffset> _good = [];
    private readonly ConcurrentDictionary<string, string> _subjects = [];
    private readonly ConcurrentDictionary<string, string> _grants = [];
    private int _issued;

    /// <summary>How long tokens are good.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Tokens issued so far.</summary>
    public int Issued => Volatile.Read(ref _issued);

    internal Uri BaseAddress { get; set; } = new("http://invalid/");

    /// <summary>Makes a service account.</summary>
    public TestServiceAccount CreateServiceAccount(string email = "loader@kiban-tests.iam.gserviceaccount.com")
    {
        var account = new TestServiceAccount(email, new Uri(BaseAddress, "/token"));
        _accounts[email] = account;
        return account;
    }

    /// <summary>Lets a workload of elsewhere exchange its own token.</summary>
    /// <param name="audience">The provider that it names.</param>
    /// <param name="subjectToken">The workload's own token.</param>
    public void TrustSubject(string audience, string subjectToken) => _subjects[audience] = subjectToken;

    /// <summary>Lets a person's program get tokens by what the person granted it.</summary>
    /// <param name="refreshToken">The grant.</param>
    /// <param name="clientSecret">The program's secret.</param>
    public void Grant(string refreshToken, string clientSecret) => _grants[refreshToken] = clientSecret;

    /// <summary>From now on no token that was issued is good any more.</summary>
    public void RevokeAll() => _good.Clear();

    internal bool IsGood(string token) => _good.TryGetValue(token, out var end) && end > time.GetUtcNow();

    /// <summary>The answer to an assertion; null where it is refused.</summary>
    internal JsonObject? Assert(string assertion)
    {
        if (assertion.Split('.') is not [var header, var claims, var signature])
            return null;
        var body = JsonNode.Parse(Base64Url.DecodeFromChars(claims))!;
        var now = time.GetUtcNow();
        var begin = DateTimeOffset.FromUnixTimeSeconds(body["iat"]!.GetValue<long>());
        var end = DateTimeOffset.FromUnixTimeSeconds(body["exp"]!.GetValue<long>());
        var isGood = JsonNode.Parse(Base64Url.DecodeFromChars(header))!["alg"]!.GetValue<string>() == "RS256"
            && _accounts.TryGetValue(body["iss"]!.GetValue<string>(), out var account)
            && !account.IsDisabled
            && body["aud"]!.GetValue<string>() == account.TokenUri.ToString()
            && body["scope"]!.GetValue<string>().Length > 0
            && end > now && end - begin <= TimeSpan.FromHours(1) && begin <= now.AddMinutes(5)
            && account.Verify(Encoding.ASCII.GetBytes($"{header}.{claims}"), Base64Url.DecodeFromChars(signature));
        return isGood ? Issue() : null;
    }

    /// <summary>The answer to an exchange; null where it is refused.</summary>
    internal JsonObject? Exchange(string audience, string subjectToken)
    {
        if (!_subjects.TryGetValue(audience, out var trusted) || trusted != subjectToken)
            return null;
        var answer = Issue();
        answer["issued_token_type"] = "urn:ietf:params:oauth:token-type:access_token";
        return answer;
    }

    /// <summary>The answer to a person's program; null where it is refused.</summary>
    internal JsonObject? Refresh(string refreshToken, string clientSecret) =>
        _grants.TryGetValue(refreshToken, out var secret) && secret == clientSecret ? Issue() : null;

    /// <summary>The answer of a service account that the bearer of a token may act as.</summary>
    internal JsonObject Impersonate()
    {
        var issued = Issue();
        return new JsonObject
        {
            ["accessToken"] = issued["access_token"]!.GetValue<string>(),
            ["expireTime"] = (time.GetUtcNow() + Lifetime).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var account in _accounts.Values)
            account.Dispose();
    }

    private JsonObject Issue()
    {
        var token = $"ya29.test-{Interlocked.Increment(ref _issued)}";
        _good[token] = time.GetUtcNow() + Lifetime;
        return new JsonObject { ["access_token"] = token, ["token_type"] = "Bearer", ["expires_in"] = (long)Lifetime.TotalSeconds };
    }
}
