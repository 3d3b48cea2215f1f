using System.Globalization;
using k8s.Models;
using Kiban.Datasets.Api;
using Kiban.Datasets.Declaring;

namespace Kiban.Datasets.Loading;

/// <summary>Sentences of the condition about loads that ended or wait.</summary>
internal static class LoadStory
{
    /// <summary>The data is there.</summary>
    public static LoadStatus Loaded(DatasetClaim claim, DatasetRequest request, LoadReport? report)
    {
        var from = string.Join(" and ", request.Sources);
        if (report is null)
            return new LoadStatus(true, LoadReasons.Loaded, $"loaded from {from}");
        var what = string.Create(CultureInfo.InvariantCulture, $"{ByteText.Of(report.Bytes)} in {report.Files} files from {from}");
        var took = report.Seconds >= 1 ? $" in {ByteText.OfTime(report.Seconds)}" : "";
        if (report.FetchedBytes == 0 && report.Bytes > 0)
        {
            var isClone = claim.Spec.DataSource?.Kind == "VolumeSnapshot";
            return new LoadStatus(true, isClone ? LoadReasons.CloneFromCache : LoadReasons.Loaded, isClone
                ? $"{what}, all of it from snapshot {claim.Spec.DataSource!.Name} and unchanged at the source"
                : $"{what}, all of it there already");
        }
        return new LoadStatus(true, LoadReasons.Loaded, report.ReusedBytes > 0
            ? $"{what}, {ByteText.Of(report.FetchedBytes)} of it fetched{took}, the rest was there"
            : $"{what}, fetched{took}");
    }

    /// <summary>The last attempt failed.</summary>
    public static LoadStatus Failed(V1Job job, LoadReport report) => LoadStatus.Waiting(
        report.ExitCode == LoadReport.UsageExitCode ? LoadReasons.InvalidAnnotations : KnownFailure(report.Reason),
        $"{report.Message} (log: kubectl -n {job.Metadata.NamespaceProperty} logs job/{job.Metadata.Name})");

    /// <summary>All attempts failed.</summary>
    public static LoadStatus GaveUp(V1Job job, LoadReport? last) => LoadStatus.Waiting(
        LoadReasons.BackoffLimitExceeded,
        string.Create(CultureInfo.InvariantCulture, $"{job.Status?.Failed ?? 0} attempts failed; the last: {last?.Message ?? "the Pod is gone, and what it said"}. ")
            + $"To try again, set another value in {DatasetsApi.Annotations.Reload}");

    /// <summary>The last attempt failed, and there will be another.</summary>
    public static LoadStatus WillRetry(V1Job job, LoadReport? last) => LoadStatus.Waiting(
        last?.Reason == LoadReasons.Stalled ? LoadReasons.Stalled : LoadReasons.StoreUnavailable,
        string.Create(CultureInfo.InvariantCulture, $"{last?.Message ?? "the loader's Pod ended without a word"}; attempt {(job.Status?.Failed ?? 0) + 1} of {(job.Spec.BackoffLimit ?? 6) + 1} follows"));

    // A reason that a newer loader made up is still a failure for good.
    private static string KnownFailure(string? reason) => reason is not null && LoadReasons.IsFailure(reason) ? reason : LoadReasons.BackoffLimitExceeded;
}
