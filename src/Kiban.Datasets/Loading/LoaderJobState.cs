using k8s.Models;

namespace Kiban.Datasets.Loading;

/// <summary>What a loader's Job is doing, from its status.</summary>
internal static class LoaderJobState
{
    /// <summary>Whether it takes a place: it has not ended, and was not stopped.</summary>
    public static bool IsRunning(V1Job job) => !IsOver(job) && (!IsStopped(job) || job.Status?.Active > 0);

    /// <summary>Whether the Job controller is done with it.</summary>
    public static bool IsOver(V1Job job) => HasCondition(job, "Complete") || HasCondition(job, "Failed");

    /// <summary>Whether it used up its attempts.</summary>
    public static bool HasFailed(V1Job job) => HasCondition(job, "Failed");

    /// <summary>
    /// Whether it was told to make no more Pods. (A Job with <c>parallelism: 0</c> keeps the Pods that ended, with their logs; every server
    /// has that, where <c>podFailurePolicy</c> is of 1.26.)
    /// </summary>
    public static bool IsStopped(V1Job job) => job.Spec?.Parallelism == 0;

    private static bool HasCondition(V1Job job, string type) =>
        job.Status?.Conditions?.Any(condition => condition.Type == type && condition.Status == "True") == true;
}
