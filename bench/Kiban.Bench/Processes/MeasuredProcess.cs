using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Kiban.Bench.Processes;

/// <summary>What a program took from its start to its end, with all that it started.</summary>
/// <param name="Elapsed">Time on the wall.</param>
/// <param name="ProcessorTime">Time of processors, in user mode and in the kernel.</param>
/// <param name="PeakMemory">The most memory that it had resident, MiB.</param>
internal sealed record MeasuredProcess(TimeSpan Elapsed, TimeSpan ProcessorTime, double PeakMemory)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);

    /// <summary>Runs a program to its end.</summary>
    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static async Task<MeasuredProcess> RunAsync(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, string logFile, CancellationToken cancellationToken)
    {
        // The shell tells the times of its child; the kernel counts no others in them.
        var start = new ProcessStartInfo("/bin/bash", ["-c", """log=$1; shift; "$@" >"$log" 2>&1 </dev/null; code=$?; times >"$log.times"; exit $code""", "bash", logFile, program, .. arguments]);
        // What this machine says of clouds and proxies is not for a server on loopback.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal) || name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var before = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        double peak = 0;
        var end = process.WaitForExitAsync(cancellationToken);
        try
        {
            while (await Task.WhenAny(end, Task.Delay(Poll, TimeProvider.System, cancellationToken)) != end)
                peak = Math.Max(peak, PeakOfChildren(process.Id));
            await end;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        var elapsed = Stopwatch.GetElapsedTime(before);
        return process.ExitCode == 0
            ? new MeasuredProcess(elapsed, Times(File.ReadAllLines(logFile + ".times")[1]), peak)
            : throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}: {string.Join(' ', File.ReadLines(logFile).TakeLast(5))}");
    }

    [DllImport("libc", EntryPoint = "sync")]
    private static extern void Sync();

    /// <summary>Waits until everything written is on the disks.</summary>
    public static void SyncDisks() => Sync();

    private static double PeakOfChildren(int shell)
    {
        try
        {
            return File.ReadAllText($"/proc/{shell}/task/{shell}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Sum(child => ProcessMemory.Of(int.Parse(child, CultureInfo.InvariantCulture)).Peak);
        }
        catch (Exception e) when (e is IOException or KeyNotFoundException)
        {
            // It has just ended.
            return 0;
        }
    }

    /// <summary>The second line of <c>times</c>: <c>0m1.234s 0m0.567s</c>.</summary>
    private static TimeSpan Times(string line) =>
        TimeSpan.FromSeconds(line.Split(' ').Sum(part =>
        {
            var minutes = part.Split('m');
            return (60 * double.Parse(minutes[0], CultureInfo.InvariantCulture)) + double.Parse(minutes[1].TrimEnd('s'), CultureInfo.InvariantCulture);
        }));
}
