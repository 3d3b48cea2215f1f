using ARSoft.Tools.Net.Dns;
using Kiban.LocalCluster.Components;
using Kiban.LocalCluster.Nodes;

namespace Kiban.LocalCluster.Dns;

/// <summary>
/// Waits until the address that Pods have in their resolv.conf answers: with that, kube-proxy has its rules, the agent serves, and the
/// way from the machine to Services and back works. Starts and stops nothing.
/// </summary>
internal sealed class ClusterDnsReadiness : IClusterComponent
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private const int QueryMilliseconds = 300;

    private readonly NodePlan _plan;
    private readonly TimeProvider _time;

    public ClusterDnsReadiness(NodePlan plan, TimeProvider time)
    {
        _plan = plan;
        _time = time;
    }

    /// <inheritdoc/>
    public string Name => "cluster-dns";

    /// <inheritdoc/>
    public Task<StartOutcome> StartAsync(CancellationToken cancellationToken) => Task.FromResult(StartOutcome.Adopted);

    /// <inheritdoc/>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        while (!await AnswersAsync(cancellationToken))
        {
            if (_time.GetElapsedTime(start) > Timeout)
            {
                throw new LocalClusterException(
                    $"The cluster's DNS address {_plan.Decided.Network.DnsAddress} did not answer after {Timeout.TotalSeconds:0} s; the logs of kube-proxy and of the agent are in {_plan.Cluster.LogsPath}. A firewall on this machine must let through what comes in by interface {_plan.Decided.InterfaceName}.");
            }

            await Task.Delay(PollInterval, _time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<ComponentStatus> ObserveAsync(CancellationToken cancellationToken)
    {
        var answers = _plan.Layout is not null && await AnswersAsync(cancellationToken);
        return new ComponentStatus(Name, answers, answers);
    }

    private async Task<bool> AnswersAsync(CancellationToken cancellationToken)
    {
        var client = new DnsClient(_plan.Decided.Network.DnsAddress, QueryMilliseconds);
        var answer = await client.ResolveAsync(ServiceRecords.Name("kubernetes", "default", "svc"), RecordType.A, RecordClass.INet, null, cancellationToken);
        return answer is { ReturnCode: ReturnCode.NoError, AnswerRecords.Count: > 0 };
    }
}
