using Kiban.Kubernetes.Leases;

namespace Kiban.Kubernetes.Tests.Documentation;

/// <summary>Work for one replica that no object asks for.</summary>
internal sealed class AccountsReport(Func<CancellationToken, Task> reportAsync, TimeProvider time) : ILeaderWork
{
    /// <inheritdoc/>
    public async Task RunAsync(LeadershipToken leadership)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), time);
        do
        {
            leadership.ThrowIfLost();
            await reportAsync(leadership.CancellationToken);
        }
        while (await timer.WaitForNextTickAsync(leadership.CancellationToken));
    }
}
