using System.Net;
using System.Text.Json.Nodes;
using Kiban.Kubernetes.Client;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Events;

/// <summary>Writes series to the server, each a few times at most: an event is never worth holding up the next.</summary>
internal sealed class EventWriter(IKubernetesClient client, EventSinkOptions options, TimeProvider time, ILogger logger)
{
    private readonly HashSet<bool> _refusedScopes = [];

    /// <param name="series">What to write; its <see cref="EventSeries.Written"/> tells afterwards what the server has.</param>
    /// <param name="stopping">Once cancelled, nothing that failed is waited for any more.</param>
    /// <param name="cancellationToken">Ends the write.</param>
    public async Task WriteAsync(EventSeries series, CancellationToken stopping, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            var outcome = await TryAsync(series, cancellationToken);
            if (outcome is Outcome.Done or Outcome.Hopeless || tries >= options.MaxTries || (outcome == Outcome.Later && stopping.IsCancellationRequested))
            {
                // What cannot be written is not tried again with every look at what is pending.
                series.Written = series.Count;
                return;
            }

            if (outcome == Outcome.Later)
            {
                // The stop ends the wait: then once more, at once.
                await Task.Delay(options.RetryDelay * Math.Pow(2, tries - 1), time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task<Outcome> TryAsync(EventSeries series, CancellationToken cancellationToken)
    {
        var isClusterScoped = series.First.Subject.Namespace is null;
        var isEventsV1 = !_refusedScopes.Contains(isClusterScoped);
        try
        {
            if (series.Written > 0)
            {
                await PatchAsync(series, isEventsV1, cancellationToken);
            }
            else
            {
                await CreateAsync(series, isEventsV1, cancellationToken);
            }

            return Outcome.Done;
        }
        catch (KubernetesException e) when (isEventsV1 && series.Written == 0 && IsRefusalOfTheForm(e, isClusterScoped))
        {
            _refusedScopes.Add(isClusterScoped);
            return Outcome.AtOnce;
        }
        catch (KubernetesException e) when (e.IsNotFound && series.Written > 0)
        {
            // Events live an hour; what goes on happening gets a new one.
            series.Written = 0;
            series.Name = EventText.Name(series.First.Subject, time.GetUtcNow(), 0);
            return Outcome.AtOnce;
        }
        catch (KubernetesException e) when (e.Code < HttpStatusCode.InternalServerError && e.Code != HttpStatusCode.TooManyRequests)
        {
            EventLog.Refused(logger, series.First.Reason, series.First.Subject.Kind, series.First.Subject.Namespace, series.First.Subject.Name, e.Message);
            return Outcome.Hopeless;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever it is: events must not end the program.
            EventLog.Failed(logger, series.First.Reason, series.First.Subject.Kind, series.First.Subject.Namespace, series.First.Subject.Name, e.Message);
            return Outcome.Later;
        }
    }

    /// <summary>
    /// The group's version is not served; or, up to 1.20, the server refuses events in its new form about cluster-scoped objects outside
    /// <c>kube-system</c>, while the old form belongs in <c>default</c>.
    /// </summary>
    private static bool IsRefusalOfTheForm(KubernetesException refusal, bool isClusterScoped) =>
        (refusal.IsNotFound && refusal.Status?.Details?.Kind != "namespaces")
        || (isClusterScoped && refusal.Code == HttpStatusCode.UnprocessableEntity && refusal.Message.Contains("does not match event.namespace", StringComparison.Ordinal));

    private async Task CreateAsync(EventSeries series, bool isEventsV1, CancellationToken cancellationToken)
    {
        var document = EventDocument.Whole(series, options.Instance, isEventsV1);
        var count = series.Count;
        await client.SendAsync(HttpMethod.Post, Kind(isEventsV1).Path(series.Namespace), document, "application/json", cancellationToken);
        series.Written = count;
    }

    private async Task PatchAsync(EventSeries series, bool isEventsV1, CancellationToken cancellationToken)
    {
        JsonObject patch = EventDocument.Repetition(series, isEventsV1);
        var count = series.Count;
        await client.SendAsync(
            HttpMethod.Patch, Kind(isEventsV1).Path(series.Namespace, series.Name), patch, ObjectPatch.Merge([]).ContentType, cancellationToken);
        series.Written = count;
    }

    private static ResourceKind Kind(bool isEventsV1) => isEventsV1 ? EventDocument.EventsV1 : EventDocument.CoreV1;

    private enum Outcome
    {
        Done,
        AtOnce,
        Later,
        Hopeless,
    }
}
