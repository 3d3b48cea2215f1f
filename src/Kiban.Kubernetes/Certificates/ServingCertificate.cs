using System.Net.Security;
using k8s.Models;
using Kiban.Kubernetes.Observability;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Certificates;

/// <summary>
/// What this replica serves. It follows the Secret, but changes over to a certificate of another authority only once the API servers
/// trust that authority, as long as the one in hand is still trusted; and it knows at any time whether what it serves would be accepted.
/// </summary>
internal sealed class ServingCertificate(
    CertificateIssuer issuer, CertificateOptions options, CertificateMetrics metrics, TimeProvider time, ILogger<ServingCertificate> logger)
{
    private readonly Lock _lock = new();
    private CertificateState _state = CertificateState.Empty;
    private RegisteredTrust? _registered;
    private bool _hasSeenSecret;
    private CertificateKeyPair? _current;
    private CertificateKeyPair? _knownAuthority;
    private volatile SslStreamCertificateContext? _context;
    private (CertificateKeyPair Pair, DateTimeOffset Since)? _waiting;

    /// <summary>The chain to present in a handshake; null until the first certificate has been read.</summary>
    public SslStreamCertificateContext? Context => _context;

    /// <summary>The certificate in use.</summary>
    public CertificateKeyPair? Current
    {
        get
        {
            lock (_lock)
                return _current;
        }
    }

    /// <summary>Takes note of the Secret as it is now (null: there is none). Returns when to call <see cref="Refresh"/> at the latest.</summary>
    public DateTimeOffset? Observe(V1Secret? secret)
    {
        lock (_lock)
        {
            _hasSeenSecret = true;
            _state = CertificateSecret.Read(secret);
            return Choose();
        }
    }

    /// <summary>Takes note of what is registered now. Returns when to call <see cref="Refresh"/> at the latest.</summary>
    public DateTimeOffset? Observe(RegisteredTrust registered)
    {
        lock (_lock)
        {
            _registered = registered;
            return Choose();
        }
    }

    /// <summary>Looks again because time has passed. Returns when to call it next, or null.</summary>
    public DateTimeOffset? Refresh()
    {
        lock (_lock)
            return Choose();
    }

    /// <summary>Null when what is served would be accepted by every API server now; otherwise the reason why not.</summary>
    public string? Problem()
    {
        lock (_lock)
        {
            if (!_hasSeenSecret || _registered is null)
                return "the certificate's Secret or the webhook configurations have not been read yet";
            if (_current is null)
                return $"the Secret {options.SecretName} holds no usable serving certificate yet";
            if (!Trust().Accepts(_current.Certificate, issuer.ServingNames[0], time.GetUtcNow()))
            {
                return _registered.IsRegistered
                    ? $"the certificate in use ({_current}, until {_current.NotAfter:u}) does not chain to the caBundle that is registered"
                    : $"the certificate in use ({_current}, until {_current.NotAfter:u}) does not chain to the authority in the Secret {options.SecretName}";
            }

            return null;
        }
    }

    /// <summary>What callers trust, or, while nothing is registered, what they will be told to trust.</summary>
    private RegisteredTrust Trust() =>
        _registered is { IsRegistered: true } registered ? registered : new RegisteredTrust([new TrustBundle(_state.Trusted)]);

    private DateTimeOffset? Choose()
    {
        if (_state.Authority is { } authority && !authority.IsSameAs(_knownAuthority))
        {
            _knownAuthority = authority;
            metrics.Loaded("webhook-authority", authority.NotAfter);
        }

        if (_state.Serving is not { } candidate || candidate.IsSameAs(_current))
        {
            _waiting = null;
            return null;
        }

        var now = time.GetUtcNow();
        var trust = Trust();
        if (_current is null || IsOfSameAuthority(candidate, _current) || !trust.Accepts(_current.Certificate, issuer.ServingNames[0], now))
        {
            Use(candidate);
            return null;
        }

        if (!trust.Accepts(candidate.Certificate, issuer.ServingNames[0], now))
        {
            // The one in hand is trusted and this one is not: it waits for the registration.
            _waiting = null;
            return null;
        }

        if (_waiting is not { } waiting || !waiting.Pair.IsSameAs(candidate))
            _waiting = waiting = (candidate, now);
        if (now >= waiting.Since + options.Settle)
        {
            Use(candidate);
            return null;
        }

        return waiting.Since + options.Settle;
    }

    private void Use(CertificateKeyPair pair)
    {
        // Offline: no intermediate has to be fetched, the authority signs directly. The old context is left to the handshakes that hold it.
        _context = SslStreamCertificateContext.Create(pair.Certificate, additionalCertificates: null, offline: true);
        _current = pair;
        _waiting = null;
        metrics.Loaded("webhook", pair.NotAfter);
        logger.Serving(pair.Certificate.Subject, pair.Certificate.SerialNumber, pair.Certificate.Issuer, pair.NotAfter);
    }

    private static bool IsOfSameAuthority(CertificateKeyPair one, CertificateKeyPair other) =>
        one.Certificate.IssuerName.RawData.AsSpan().SequenceEqual(other.Certificate.IssuerName.RawData);
}
