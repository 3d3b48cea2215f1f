using k8s.Models;
using Kiban.Kubernetes.Admission.Registration;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Certificates;
using Kiban.Kubernetes.Client;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Admission;

/// <summary>
/// Watches, in every replica, the certificates' Secret and the two webhook configurations, and keeps the serving certificate in step with
/// them. The leader listens to the same changes.
/// </summary>
internal sealed class AdmissionObserver : BackgroundService
{
    private readonly ServingCertificate _serving;
    private readonly TimeProvider _time;
    private readonly ILogger<AdmissionObserver> _logger;
    private readonly ChangeSignal _ownSignal;
    private readonly NamespacedName _secretKey;
    private readonly NamespacedName _configurationKey;
    private readonly ResourceCache<V1Secret> _secrets;
    private readonly ResourceCache<MutatingWebhookConfiguration> _mutating;
    private readonly ResourceCache<ValidatingWebhookConfiguration> _validating;
    private CertificateState? _lastSound;

    public AdmissionObserver(
        IResourceCaches caches, ServingCertificate serving, AdmissionOptions options, TimeProvider time, ILogger<AdmissionObserver> logger)
    {
        (_serving, _time, _logger) = (serving, time, logger);
        Changed = new ChangeSignal(time);
        _ownSignal = new ChangeSignal(time);
        _secretKey = new(options.Namespace, options.Certificates.SecretName);
        _configurationKey = new(null, options.ConfigurationName);
        // One object of each kind, selected by name: RBAC can then limit the rules to that name.
        _secrets = caches.Get(new ResourceCacheOptions<V1Secret>
        {
            Namespace = options.Namespace,
            FieldSelector = $"metadata.name={options.Certificates.SecretName}",
        });
        var byName = $"metadata.name={options.ConfigurationName}";
        _mutating = caches.Get(new ResourceCacheOptions<MutatingWebhookConfiguration> { FieldSelector = byName });
        _validating = caches.Get(new ResourceCacheOptions<ValidatingWebhookConfiguration> { FieldSelector = byName });
    }

    /// <summary>Set whenever one of the watched objects has changed; for the leader.</summary>
    public ChangeSignal Changed { get; }

    /// <summary>The last complete state of the Secret that was seen, to be restored should the Secret be lost.</summary>
    public CertificateState? LastSound => Volatile.Read(ref _lastSound);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var secrets = _secrets.Subscribe(_ => Signal());
        using var mutating = _mutating.Subscribe(_ => Signal());
        using var validating = _validating.Subscribe(_ => Signal());
        try
        {
            await _secrets.WaitForSyncAsync(stoppingToken);
            ObserveSecret();
            await Task.WhenAll(_mutating.WaitForSyncAsync(stoppingToken), _validating.WaitForSyncAsync(stoppingToken));
            while (true)
            {
                var first = ObserveSecret();
                var second = _serving.Observe(new RegisteredTrust(
                [
                    .. WebhookRegistration.Bundles(_mutating.Find(_configurationKey)?.Webhooks),
                    .. WebhookRegistration.Bundles(_validating.Find(_configurationKey)?.Webhooks),
                ]));
                await _ownSignal.WaitAsync(second ?? first, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends.
        }
        catch (Exception failure)
        {
            _logger.ObserverFailed(failure);
            throw;
        }
    }

    private DateTimeOffset? ObserveSecret()
    {
        var secret = _secrets.Find(_secretKey);
        var state = CertificateSecret.Read(secret);
        if (state is { Authority: not null, Serving: not null })
            Volatile.Write(ref _lastSound, state);
        return _serving.Observe(secret);
    }

    private void Signal()
    {
        _ownSignal.Set();
        Changed.Set();
    }
}
