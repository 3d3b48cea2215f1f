using Microsoft.Extensions.Hosting;

namespace Kiban.Kubernetes.Leases;

/// <summary>
/// Competes for the lease for as long as the host runs and, while this process holds it, runs everything that only one replica may do.
/// A host that stops gives the lease back as soon as that work has ended, so that another replica carries on at once.
/// </summary>
public sealed class LeaderService(LeaderElector elector, IEnumerable<ILeaderWork> works, IHostApplicationLifetime lifetime) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, lifetime.ApplicationStopping);
        await elector.RunAsync(leadership => Task.WhenAll(works.Select(work => RunAsync(work, leadership, over))), over.Token);
    }

    private static async Task RunAsync(ILeaderWork work, LeadershipToken leadership, CancellationTokenSource over)
    {
        try
        {
            await work.RunAsync(leadership);
        }
        catch (Exception) when (!leadership.CancellationToken.IsCancellationRequested)
        {
            // The other works end with it: a process that leads but does only half of its work is worse than none.
            await over.CancelAsync();
            throw;
        }
    }
}
