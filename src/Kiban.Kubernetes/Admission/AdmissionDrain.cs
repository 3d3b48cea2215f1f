using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Admission;

/// <summary>
/// Lets a replica go without a single review lost. The API server keeps connections to webhooks open and does not repeat a POST whose
/// connection breaks, so before the listener closes there is a time in which the replica counts as not ready, still answers, and
/// closes each connection with the answer.
/// </summary>
internal sealed class AdmissionDrain(AdmissionOptions options, TimeProvider time, ILogger<AdmissionDrain> logger) : IHostedLifecycleService
{
    private volatile bool _draining;

    public bool IsDraining => _draining;

    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        if (_draining)
            return Task.CompletedTask;
        _draining = true;
        logger.Draining(options.DrainPeriod);
        // This runs before any hosted service, the web server among them, is stopped.
        return Task.Delay(options.DrainPeriod, time, cancellationToken).ContinueWith(
            static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
