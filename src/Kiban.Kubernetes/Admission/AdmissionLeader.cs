using Kiban.Kubernetes.Admission.Registration;
using Kiban.Kubernetes.Certificates;
using Kiban.Kubernetes.Client;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Admission;

/// <summary>
/// What only the leader does: it keeps the certificates' Secret and fills the two webhook configurations. Both are read anew each
/// time, and everything that must survive a change of leader is in them, so a new leader carries on where the last one stopped.
/// </summary>
public sealed class AdmissionLeader
{
    /// <summary>The field manager that owns the webhooks.</summary>
    public const string FieldManager = "kiban-admission";

    private readonly IKubernetesClient _client;
    private readonly AdmissionObserver _observer;
    private readonly AdmissionOptions _options;
    private readonly CertificateKeeper _certificates;
    private readonly WebhookRegistrar _registrar;
    private readonly TimeProvider _time;
    private readonly ILogger<AdmissionLeader> _logger;

    internal AdmissionLeader(
        IKubernetesClient client, AdmissionObserver observer, AdmissionOptions options, CertificateKeeper certificates,
        WebhookRegistrar registrar, TimeProvider time, ILogger<AdmissionLeader> logger)
    {
        (_client, _observer, _options, _certificates, _registrar, _time, _logger) =
            (client, observer, options, certificates, registrar, time, logger);
    }

    /// <summary>
    /// Works until cancelled. Run it under the lease and nowhere else, and cancel it before the lease can pass on. Failures are logged and tried again with growing pauses.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var failures = 0;
        while (true)
        {
            DateTimeOffset lookAgain;
            try
            {
                lookAgain = await ReconcileAsync(cancellationToken);
                failures = 0;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (KubernetesException conflict) when (conflict.IsConflict && failures == 0)
            {
                // Somebody wrote in between; what there is now decides.
                failures++;
                lookAgain = _time.GetUtcNow();
            }
            catch (Exception failure)
            {
                var pause = TimeSpan.FromSeconds(Math.Min(30, 0.5 * Math.Pow(2, failures++)));
                _logger.LeaderFailed(failure, pause);
                // Not even a change is answered sooner: it may be the failure's own echo.
                await Task.Delay(pause, _time, cancellationToken);
                continue;
            }

            await _observer.Changed.WaitAsync(lookAgain, cancellationToken);
        }
    }

    /// <summary>Brings the Secret and the configurations to what they should be now. Returns when to look again at the latest.</summary>
    internal async Task<DateTimeOffset> ReconcileAsync(CancellationToken cancellationToken)
    {
        var mutating = await _client.FindAsync<MutatingWebhookConfiguration>(_options.ConfigurationName, null, cancellationToken);
        var validating = await _client.FindAsync<ValidatingWebhookConfiguration>(_options.ConfigurationName, null, cancellationToken);
        var registered = new RegisteredTrust(
            [.. WebhookRegistration.Bundles(mutating?.Webhooks), .. WebhookRegistration.Bundles(validating?.Webhooks)]);

        var (certificates, due) = await _certificates.ReconcileAsync(registered, _observer.LastSound, cancellationToken);
        var registration = await _registrar.ReconcileAsync(mutating, validating, certificates, cancellationToken);

        var resync = _time.GetUtcNow() + _options.ResyncPeriod;
        return new[] { due, registration ?? resync, resync }.Min();
    }
}
