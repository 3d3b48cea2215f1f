using System.Text.Json;
using System.Text.Json.Nodes;
using Kiban.Datasets.Api;

namespace Kiban.Datasets.Loading;

/// <summary>How a loader ended: its container's termination message and exit code.</summary>
internal sealed record LoadReport
{
    /// <summary>Exit code of a failure that the same call cannot mend.</summary>
    public const int TerminalExitCode = 3;

    /// <summary>Exit code of a wrong command line, which is a fault of ours.</summary>
    public const int UsageExitCode = 2;

    /// <summary>How the program ended; 0 when the data is there.</summary>
    public required int ExitCode { get; init; }

    /// <summary>One of <see cref="LoadReasons"/>, as far as the program could tell.</summary>
    public string? Reason { get; init; }

    /// <summary>One sentence.</summary>
    public string Message { get; init; } = "";

    /// <summary>Digest of what was loaded.</summary>
    public string? Digest { get; init; }

    /// <summary>Bytes of the data set.</summary>
    public long Bytes { get; init; }

    /// <summary>Files of the data set.</summary>
    public long Files { get; init; }

    /// <summary>Bytes that came from the source, over all attempts.</summary>
    public long FetchedBytes { get; init; }

    /// <summary>Bytes that were in the volume already.</summary>
    public long ReusedBytes { get; init; }

    /// <summary>Time it took, seconds.</summary>
    public double Seconds { get; init; }

    /// <summary>Whether the data is there.</summary>
    public bool IsLoaded => ExitCode == 0;

    /// <summary>Whether starting the program again is of no use.</summary>
    public bool IsTerminal => ExitCode is TerminalExitCode or UsageExitCode;

    /// <summary>Reads the end of the Pod's container; null while it has not ended.</summary>
    public static LoadReport? Of(DatasetPod pod)
    {
        if (pod.Status.ContainerStatuses?.FirstOrDefault()?.State?.Terminated is not { } ended)
        {
            // Evicted, or its node went: nobody is left who could say more.
            return pod.Status.Phase == "Failed" ? new LoadReport { ExitCode = 1, Message = $"the loader's Pod ended: {pod.Status.Reason ?? "no reason"} {pod.Status.Message}".TrimEnd() } : null;
        }
        var fields = Parse(ended.Message);
        return new LoadReport
        {
            ExitCode = ended.ExitCode,
            Reason = fields?.Text("reason"),
            Message = fields?.Text("message") ?? Unexplained(ended.ExitCode, ended.Reason),
            Digest = fields?.Text("digest"),
            Bytes = (long)(fields?.Number("bytes") ?? 0),
            Files = (long)(fields?.Number("files") ?? 0),
            FetchedBytes = (long)(fields?.Number("fetchedBytes") ?? 0),
            ReusedBytes = (long)(fields?.Number("reusedBytes") ?? 0),
            Seconds = fields?.Number("seconds") ?? 0,
        };
    }

    private static string Unexplained(int exitCode, string? reason) => reason == "OOMKilled"
        ? "the loader used more memory than it may; the setting Datasets:Loader:Memory is its limit"
        : $"the loader ended with exit code {exitCode}{(string.IsNullOrEmpty(reason) ? "" : $" ({reason})")} and no word";

    private static JsonObject? Parse(string? message)
    {
        if (string.IsNullOrWhiteSpace(message))
            return null;
        try
        {
            return JsonNode.Parse(message) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
