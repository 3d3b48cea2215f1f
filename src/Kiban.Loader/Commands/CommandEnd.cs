using Kiban.Loader.Progress;

namespace Kiban.Loader.Commands;

/// <summary>Runs what a command does and turns every end of it into an exit code and last words.</summary>
internal static class CommandEnd
{
    /// <summary>After a signal the command has this long to tidy up; what it has not done by then the next load does.</summary>
    private static readonly TimeSpan TidyingTime = TimeSpan.FromSeconds(1.5);

    /// <summary>Runs a command.</summary>
    /// <param name="terminationLog">Where the last words go.</param>
    /// <param name="run">What it does; gives its last words.</param>
    /// <param name="failed">Told of a failure before the end.</param>
    /// <param name="snapshot">Fills in how far it was, for last words of a failure.</param>
    /// <param name="time">Clock.</param>
    /// <param name="cancellationToken">A signal.</param>
    public static async Task<int> RunAsync(
        string? terminationLog,
        Func<CancellationToken, Task<EndReport>> run,
        Action<string> failed,
        Func<EndReport, EndReport> snapshot,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        EndReport report;
        int code;
        try
        {
            report = await InTimeAsync(run, time, cancellationToken).ConfigureAwait(false);
            code = ExitCodes.Success;
        }
        catch (LoadException e)
        {
            failed(e.Message);
            report = snapshot(new EndReport { State = "Failed", Reason = e.Reason.ToString(), Message = e.Message });
            code = ExitCodes.Of(e);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            const string Message = "Ended by a signal; the next load goes on from here.";
            failed(Message);
            report = snapshot(new EndReport { State = "Interrupted", Reason = nameof(LoadReason.Loading), Message = Message });
            code = ExitCodes.Interrupted;
        }

        TerminationLog.Write(terminationLog, report with { Seconds = Math.Round(time.GetElapsedTime(started).TotalSeconds, 3) });
        return code;
    }

    private static async Task<EndReport> InTimeAsync(Func<CancellationToken, Task<EndReport>> run, TimeProvider time, CancellationToken cancellationToken)
    {
        // Not on this thread: a volume that hangs must not keep the signal from being obeyed.
        var running = Task.Run(() => run(cancellationToken), CancellationToken.None);
        var signal = new TaskCompletionSource();
        await using var registration = cancellationToken.Register(signal.SetResult).ConfigureAwait(false);
        await Task.WhenAny(running, signal.Task).ConfigureAwait(false);
        if (signal.Task.IsCompleted && await Task.WhenAny(running, Task.Delay(TidyingTime, time, CancellationToken.None)).ConfigureAwait(false) != running)
            throw new OperationCanceledException(cancellationToken);
        return await running.ConfigureAwait(false);
    }
}
