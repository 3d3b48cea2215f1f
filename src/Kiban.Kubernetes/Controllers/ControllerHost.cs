using Kiban.Kubernetes.Caching;
using Kiban.Kubernetes.Leases;
using Kiban.Kubernetes.Observability;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Controllers;

/// <summary>
/// Runs the controllers of a process: those of every replica for as long as the host runs, the others through each term of leadership
/// (or, in a program without leader election, all of them all the time).
/// </summary>
internal sealed class ControllerHost : BackgroundService, ILeaderWork
{
    private readonly IReadOnlyList<Controller> _controllers;
    private readonly bool _hasElection;
    private readonly ILogger _logger;

    public ControllerHost(
        IEnumerable<ControllerRegistration> registrations, IResourceCaches caches, TimeProvider time, ILoggerFactory loggers, IServiceProvider services)
    {
        _logger = loggers.CreateLogger<ControllerHost>();
        _hasElection = services.GetService<LeaderElector>() is not null;

        // Made now, not when the leadership comes: a replica that waits has its caches warm.
        _controllers =
        [
            .. registrations.Select(registration => new Controller(
                registration.Declaration,
                registration.Reconciler(services),
                caches,
                time,
                loggers.CreateLogger($"{typeof(Controller).FullName}.{registration.Declaration.Name}"),
                services.GetService<ReconcileMetrics>(),
                services.GetService<WorkqueueMetrics>())),
        ];
    }

    /// <inheritdoc/>
    public Task RunAsync(LeadershipToken leadership) => RunAsync(controller => controller.NeedsLeadership, leadership.CancellationToken);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_hasElection)
            return RunAsync(controller => !controller.NeedsLeadership, stoppingToken);
        ControllerLog.NoElection(_logger);
        return RunAsync(_ => true, stoppingToken);
    }

    private Task RunAsync(Func<Controller, bool> which, CancellationToken cancellationToken) =>
        Task.WhenAll(_controllers.Where(which).Select(controller => controller.RunAsync(cancellationToken)));
}
