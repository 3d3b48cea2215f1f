using Kiban.Datasets.Api;

namespace Kiban.Datasets.Waiting;

/// <summary>Sentences about Pods that wait.</summary>
internal static class WaitingStory
{
    /// <summary>What the Pod waits for; null where nothing is in its way.</summary>
    public static string? Waiting(IEnumerable<ConsumedClaim> claims)
    {
        var reasons = claims.Where(claim => !claim.IsReady).Select(claim => claim.Readiness == ClaimReadiness.Missing
            ? $"PersistentVolumeClaim \"{claim.Name}\" to be created"
            : $"the data of PersistentVolumeClaim \"{claim.Name}\"").ToList();
        return reasons.Count == 0 ? null : $"The Pod waits for {string.Join(" and ", reasons)}.";
    }

    /// <summary>What failed, and what to do; null where nothing did.</summary>
    public static (string Reason, string Message)? Failed(IEnumerable<ConsumedClaim> claims)
    {
        var failed = claims.Where(claim => claim.Readiness == ClaimReadiness.Failed).ToList();
        return failed.Count == 0
            ? null
            : (failed[0].Reason!, string.Join(" ", failed.Select(claim =>
                $"The data of PersistentVolumeClaim \"{claim.Name}\" failed to load ({claim.Reason}): {claim.Message?.TrimEnd('.')}. {WayOut(claim)}")));
    }

    private static string WayOut(ConsumedClaim claim) => claim.Reason switch
    {
        LoadReasons.AccessDenied or LoadReasons.BadCredential => "Mend the Secret that the claim names, or name another; the load then starts again by itself, and the Pod goes on.",
        LoadReasons.InvalidAnnotations or LoadReasons.SourceNotFound or LoadReasons.SourceEmpty => "Correct the claim's annotations; the Pod then goes on by itself.",
        LoadReasons.UnsupportedClaim => "Create the claim anew as the message says; the Pod then goes on by itself.",
        _ => $"When that is mended, set another value in the claim's annotation {DatasetsApi.Annotations.Reload}; the Pod then goes on by itself.",
    };
}
