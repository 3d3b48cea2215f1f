using System.Diagnostics.Metrics;

namespace Kiban.Kubernetes.Observability;

/// <summary>Whether this process leads: client-go's <c>leader_election_master_status</c>.</summary>
public sealed class LeaderElectionMetrics
{
    private readonly Gauge<long> _status;

    /// <summary>Creates the instrument.</summary>
    public LeaderElectionMetrics(IMeterFactory factory) =>
        _status = KibanMeter.Create(factory).CreateGauge<long>(
            "leader_election_master_status",
            description: "Gauge of if the reporting system is master of the relevant lease, 0 indicates backup, 1 indicates master. 'name' is the string used to identify the lease.");

    /// <summary>Records whether this process holds the lease; call it with false at the start, so that the series exists.</summary>
    public void Record(string lease, bool leads) => _status.Record(leads ? 1 : 0, new KeyValuePair<string, object?>("name", lease));
}
