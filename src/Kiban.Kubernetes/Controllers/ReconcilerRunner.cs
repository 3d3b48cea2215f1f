using System.Diagnostics;
using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Leases;
using Kiban.Kubernetes.Observability;
using Kiban.Kubernetes.Queueing;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Controllers;

/// <summary>Runs one reconciliation of one key, with its log scope, span, time-out and metrics, and says when the key comes again.</summary>
internal sealed class ReconcilerRunner(
    string controller, IReconciler reconciler, ControllerOptions options, TimeProvider time, ILogger logger, ReconcileRecorder? recorder)
{
    public async Task RunAsync(NamespacedName key, RateLimitedQueue<NamespacedName> queue, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginReconcile(controller, key, Guid.NewGuid().ToString());
        using var activity = KibanActivitySources.Controllers.StartActivity($"reconcile {controller}");
        activity?.SetTag("k8s.namespace.name", key.Namespace);
        activity?.SetTag("k8s.object.name", key.Name);
        var began = time.GetTimestamp();
        recorder?.Started();
        var outcome = ReconcileOutcome.Error;
        try
        {
            outcome = await ReconcileAsync(key, queue, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The controller is being stopped; whoever works next begins with every key.
            outcome = ReconcileOutcome.Success;
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            queue.AddRateLimited(key);
            Log(exception, key, queue.Retries(key));
        }
        finally
        {
            recorder?.Finished(outcome, time.GetElapsedTime(began));
        }
    }

    private async Task<ReconcileOutcome> ReconcileAsync(NamespacedName key, RateLimitedQueue<NamespacedName> queue, CancellationToken cancellationToken)
    {
        using var timeout = new LinkedTimeout(options.ReconcileTimeout, time, cancellationToken);
        ReconcileResult result;
        try
        {
            result = await reconciler.ReconcileAsync(key, timeout.Token);
        }
        catch (OperationCanceledException exception) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The reconciliation did not end within {options.ReconcileTimeout}.", exception);
        }
        queue.Forget(key);
        if (result.RequeueAfter is not { } after)
            return ReconcileOutcome.Success;
        queue.AddAfter(key, after);
        return after > TimeSpan.Zero ? ReconcileOutcome.RequeueAfter : ReconcileOutcome.Requeue;
    }

    private void Log(Exception exception, NamespacedName key, int failures)
    {
        switch (exception)
        {
            case KubernetesException { IsConflict: true }:
                // The ordinary fate of a write made from a cache that is a moment behind.
                ControllerLog.ReconcileConflicted(logger, controller, key, exception.Message);
                break;
            case LeadershipLostException:
                ControllerLog.ReconcileFenced(logger, controller, key, exception.Message);
                break;
            default:
                ControllerLog.ReconcileFailed(logger, exception, controller, key, failures);
                break;
        }
    }
}
