namespace Kiban.Loader.Stores.Google;

/// <summary>The token that requests bear: got once, kept until shortly before its end, got anew when the credential file changes.</summary>
internal sealed class GoogleAuthorization(GoogleCredentialPlace place, TokenExchange exchange, TimeProvider time) : IDisposable
{
    /// <summary>A token is not used in its last minutes, which a request with it could outlast.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromMinutes(4);

    private readonly SemaphoreSlim _exchanging = new(1, 1);
    private volatile Held? _held;

    /// <summary>A token that is good now.</summary>
    /// <exception cref="StoreException">The credential cannot be used, or no token endpoint answers.</exception>
    public async ValueTask<string> TokenAsync(CancellationToken cancellationToken)
    {
        var fingerprint = place.TakeFingerprint();
        if (_held is { } held && IsGood(held, fingerprint))
            return held.Token.Value;
        await _exchanging.WaitAsync(cancellationToken);
        try
        {
            if (_held is { } other && IsGood(other, fingerprint))
                return other.Token.Value;
            var token = await exchange.GetAsync(place.Read(), place.Origin, cancellationToken);
            _held = new Held(token, fingerprint, token.End - Lesser(Reserve, (token.End - time.GetUtcNow()) / 2));
            return token.Value;
        }
        catch (StoreException e) when (e.IsPassing && _held is { } old && old.Fingerprint == fingerprint && time.GetUtcNow() < old.Token.End)
        {
            // What is left of the old token bridges a short outage of the token endpoint.
            return old.Token.Value;
        }
        finally
        {
            _exchanging.Release();
        }
    }

    /// <summary>A server refused the token: it is not used again.</summary>
    public void Forget(string token)
    {
        if (_held is { } held && held.Token.Value == token)
            _held = null;
    }

    /// <inheritdoc/>
    public void Dispose() => _exchanging.Dispose();

    private bool IsGood(Held held, SecretFiles.Fingerprint fingerprint) => held.Fingerprint == fingerprint && time.GetUtcNow() < held.Renewal;

    private static TimeSpan Lesser(TimeSpan first, TimeSpan second) => first < second ? first : second;

    private sealed class Held(AccessToken token, SecretFiles.Fingerprint fingerprint, DateTimeOffset renewal)
    {
        public AccessToken Token => token;

        public SecretFiles.Fingerprint Fingerprint => fingerprint;

        public DateTimeOffset Renewal => renewal;
    }
}
