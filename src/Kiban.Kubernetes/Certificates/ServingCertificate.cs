using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
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
    private List<TrustedAuthority> _trusted = [];

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
            var now = time.GetUtcNow();
            List<TrustedAuthority> trusted = [];
            foreach (var authority in registered.Authorities.Where(registered.Trusts).DistinctBy(authority => authority.Thumbprint))
                trusted.Add(_trusted.Find(known => TrustBundle.AreSame(known.Certificate, authority)) ?? new TrustedAuthority(authority, now));
            _trusted = trusted;
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
            return null;

        var now = time.GetUtcNow();
        var trust = Trust();
        if (_current is null || IsOfSameAuthority(candidate, _current) || !trust.Accepts(_current.Certificate, issuer.ServingNames[0], now))
        {
            Use(candidate);
            return null;
        }

        // The one in hand is trusted. The new one waits until it is too, and until every API server has had time to learn that.
        if (!trust.Accepts(candidate.Certificate, issuer.ServingNames[0], now))
            return null;
        var since = _trusted.Find(known => IsIssuedBy(candidate.Certificate, known.Certificate))?.Since;
        if (since + options.Settle is { } ready && now < ready)
            return ready;
        Use(candidate);
        return null;
    }

    private void Use(CertificateKeyPair pair)
    {
        // Offline: no intermediate has to be fetched, the authority signs directly. The old context is left to the handshakes that hold it.
        _context = SslStreamCertificateContext.Create(pair.Certificate, additionalCertificates: null, offline: true);
        _current = pair;
        metrics.Loaded("webhook", pair.NotAfter);
        logger.Serving(pair.Certificate.Subject, pair.Certificate.SerialNumber, pair.Certificate.Issuer, pair.NotAfter);
    }

    private static bool IsIssuedBy(X509Certificate2 certificate, X509Certificate2 authority) =>
        certificate.IssuerName.RawData.AsSpan().SequenceEqual(authority.SubjectName.RawData);

    private static bool IsOfSameAuthority(CertificateKeyPair one, CertificateKeyPair other) =>
        one.Certificate.IssuerName.RawData.AsSpan().SequenceEqual(other.Certificate.IssuerName.RawData);

    private sealed record TrustedAuthority(X509Certificate2 Certificate, DateTimeOffset Since);
}
