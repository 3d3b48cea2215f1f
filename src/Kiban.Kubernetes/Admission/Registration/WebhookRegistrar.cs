using System.Text.Json.Nodes;
using Kiban.Kubernetes.Certificates;
using Kiban.Kubernetes.Client;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Admission.Registration;

/// <summary>
/// Fills the two webhook configurations, which the installation ships empty, and repairs them when somebody has edited them. It never
/// creates them: where they do not exist, Kiban is not installed, or is being uninstalled.
/// </summary>
internal sealed class WebhookRegistrar(
    IKubernetesClient client, WebhookRegistration registration, MatchConditionsProbe matchConditions, SystemNamespaceLabels labels,
    AdmissionReachability reachability, AdmissionOptions options, TimeProvider time, ILogger<WebhookRegistrar> logger)
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    private readonly Queue<long> _repairs = new();
    private bool _isMissingReported;
    private string? _lastWanted;

    /// <summary>Looks at both configurations once. Returns when to look again, or null for the next change.</summary>
    /// <exception cref="KubernetesException">The server refused; nothing may be concluded.</exception>
    public async Task<DateTimeOffset?> ReconcileAsync(
        MutatingWebhookConfiguration? mutating, ValidatingWebhookConfiguration? validating, CertificateState certificates,
        CancellationToken cancellationToken)
    {
        if (mutating is null || validating is null)
        {
            if (!_isMissingReported)
                logger.ConfigurationMissing(mutating is null ? "MutatingWebhookConfiguration" : "ValidatingWebhookConfiguration", options.ConfigurationName);
            _isMissingReported = true;
        }
        else
        {
            _isMissingReported = false;
        }

        if (mutating is null && validating is null)
            return null;

        var trust = new TrustBundle(certificates.Trusted);
        var supported = registration.DependsOnMatchConditions && await SupportsMatchConditionsAsync(mutating is not null, cancellationToken);
        var mutatingWebhooks = registration.Desired(mutating: true, trust, supported);
        var validatingWebhooks = registration.Desired(mutating: false, trust, supported);
        var changes = (mutating is not null && WebhookRegistration.Differs(mutatingWebhooks, mutating.Webhooks))
            || (validating is not null && WebhookRegistration.Differs(validatingWebhooks, validating.Webhooks));
        // Also while nothing else changes: somebody may take a label away.
        await labels.EnsureAsync(cancellationToken);
        if (!changes)
            return null;

        var isFirst = mutating?.Webhooks is not { Count: > 0 } && validating?.Webhooks is not { Count: > 0 };
        if (isFirst && !await reachability.IsServedAsync(certificates, cancellationToken))
        {
            logger.NotServedYet(options.ConfigurationName);
            return time.GetUtcNow() + Moment;
        }

        // What has changed on our side is written at once; only what others undo is written at a measured pace.
        var wanted = $"{mutatingWebhooks.ToJsonString()}{validatingWebhooks.ToJsonString()}";
        if (!isFirst && wanted == _lastWanted && PauseOf(time.GetTimestamp()) is { } pause)
        {
            logger.RepairingOften(options.ConfigurationName, pause);
            return time.GetUtcNow() + pause;
        }

        await FillAsync(mutating, mutatingWebhooks, cancellationToken);
        await FillAsync(validating, validatingWebhooks, cancellationToken);
        _lastWanted = wanted;
        return null;
    }

    private Task<bool> SupportsMatchConditionsAsync(bool mutatingExists, CancellationToken cancellationToken) => mutatingExists
        ? matchConditions.AskAsync<MutatingWebhookConfiguration>(cancellationToken)
        : matchConditions.AskAsync<ValidatingWebhookConfiguration>(cancellationToken);

    private async Task FillAsync<T>(T? observed, JsonArray desired, CancellationToken cancellationToken)
        where T : WebhookConfiguration, new()
    {
        if (observed is null || !WebhookRegistration.Differs(desired, observed.Webhooks))
            return;
        var kind = ResourceKind.Of<T>().Kind;
        logger.Registering(kind, options.ConfigurationName, desired.Count);
        // The UID makes this an update of the object that was seen, never the creation of another.
        var applied = await client.ApplyAsync(
            new T { Metadata = { Name = options.ConfigurationName, Uid = observed.Metadata.Uid }, Webhooks = desired.DeepClone().AsArray() },
            AdmissionLeader.FieldManager, cancellationToken);
        if (!WebhookRegistration.Differs(desired, applied.Webhooks))
            return;

        // Apply leaves alone what others have added to the list. Nothing of others belongs here, so the list is set whole.
        logger.ReplacingForeign(kind, options.ConfigurationName);
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject { ["uid"] = observed.Metadata.Uid, ["resourceVersion"] = applied.Metadata.ResourceVersion },
            ["webhooks"] = desired.DeepClone(),
        };
        var replaced = await client.PatchAsync<T>(
            options.ConfigurationName, null, ObjectPatch.Merge(patch), cancellationToken, new WriteOptions { FieldManager = AdmissionLeader.FieldManager });
        if (WebhookRegistration.Differs(desired, replaced.Webhooks))
            logger.ServerChangesRegistration(kind, options.ConfigurationName);
    }

    /// <summary>Where another program keeps undoing the registration, it is repaired at most six times a minute.</summary>
    private TimeSpan? PauseOf(long now)
    {
        while (_repairs.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) > TimeSpan.FromMinutes(1))
            _repairs.Dequeue();
        if (_repairs.Count >= 6)
            return TimeSpan.FromMinutes(1) - time.GetElapsedTime(_repairs.Peek(), now) + Moment;
        _repairs.Enqueue(now);
        return null;
    }
}
