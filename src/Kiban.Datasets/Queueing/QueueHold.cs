using Kiban.Datasets.Declaring;
using Kiban.Datasets.Waiting;

namespace Kiban.Datasets.Queueing;

/// <summary>When a workload is kept out of its queue.</summary>
internal static class QueueHold
{
    /// <summary>
    /// Whether one of the claims keeps it out. Those with <c>wait: start</c> do not: their loads may need a scheduled Pod, which Kueue would then never
    /// let there be.
    /// </summary>
    public static bool IsNeeded(IEnumerable<ConsumedClaim> claims) => claims.Any(claim => claim is { IsReady: false, Wait: WaitMode.Schedule });
}
