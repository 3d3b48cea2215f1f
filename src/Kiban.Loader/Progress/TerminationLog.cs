using System.Text.Json;

namespace Kiban.Loader.Progress;

/// <summary>
/// Where a container leaves its last words (<see href="https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure/"/>).
/// </summary>
internal static class TerminationLog
{
    /// <summary>Where the kubelet looks unless the Pod says otherwise.</summary>
    public const string DefaultPath = "/dev/termination-log";

    /// <summary>What the kubelet reads, bytes.</summary>
    public const int Longest = 4096;

    /// <summary>The report as JSON that the kubelet will not cut in its middle.</summary>
    public static byte[] Render(EndReport report)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(report, ProgressJson.Default.EndReport);
        while (bytes.Length > Longest)
        {
            // Characters may take six bytes each; half of what is too much is never too much to take away.
            report = report with { Message = report.Message[..Math.Max(0, report.Message.Length - Math.Max(1, (bytes.Length - Longest) / 6) - 1)] + "…" };
            bytes = JsonSerializer.SerializeToUtf8Bytes(report, ProgressJson.Default.EndReport);
        }

        return bytes;
    }

    /// <summary>Writes it. A file that cannot be written is no reason for another exit code.</summary>
    /// <param name="path">The file; null for the usual one, if the container has it.</param>
    /// <param name="report">The last words.</param>
    public static void Write(string? path, EndReport report)
    {
        if (path is null && !File.Exists(DefaultPath))
            return;
        try
        {
            File.WriteAllBytes(path ?? DefaultPath, Render(report));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"{path ?? DefaultPath} cannot be written: {e.Message}");
        }
    }
}
