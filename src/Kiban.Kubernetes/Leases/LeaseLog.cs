using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Leases;

internal static partial class LeaseLog
{
    [LoggerMessage(1200, LogLevel.Information, "{Identity} waits for the lease {Lease}, held by {Holder}")]
    public static partial void Waiting(ILogger logger, string lease, string identity, string holder);

    [LoggerMessage(1201, LogLevel.Information, "{Identity} leads: it holds the lease {Lease}")]
    public static partial void Acquired(ILogger logger, string lease, string identity);

    [LoggerMessage(1202, LogLevel.Warning, "{Identity} no longer leads under the lease {Lease}: {Reason}")]
    public static partial void Lost(ILogger logger, string lease, string identity, string reason);

    [LoggerMessage(1203, LogLevel.Information, "{Identity} gave the lease {Lease} back")]
    public static partial void Released(ILogger logger, string lease, string identity);

    [LoggerMessage(1204, LogLevel.Warning, "The lease {Lease} could not be read or written: {Reason}")]
    public static partial void RequestFailed(ILogger logger, string lease, string reason);

    [LoggerMessage(1205, LogLevel.Error, "The work under the lease {Lease} failed; the lease is given back")]
    public static partial void WorkFailed(ILogger logger, Exception exception, string lease);

    [LoggerMessage(1206, LogLevel.Critical, "{Reason}")]
    public static partial void EndingProcess(ILogger logger, string reason);

    [LoggerMessage(1207, LogLevel.Warning, "The lease {Lease} could not be given back, others will wait until it lapses: {Reason}")]
    public static partial void NotReleased(ILogger logger, string lease, string reason);
}
