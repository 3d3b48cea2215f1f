using System.Globalization;
using Kiban.LocalCluster;
using Kiban.LocalCluster.Binaries;
using Spectre.Console;

namespace Kiban.Cli.Terminal;

/// <summary>
/// Shows how far a command is: on a terminal one moving line below the finished steps; elsewhere a plain line a step, and one now and
/// then for a step that takes long.
/// </summary>
internal sealed class ProgressDisplay : IProgress<ClusterProgress>, IProgress<BinaryProgress>
{
    private static readonly TimeSpan PlainInterval = TimeSpan.FromSeconds(15);

    private readonly IAnsiConsole _console;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly Lock _lock = new();
    private StatusContext? _status;
    private string? _phase;
    private long _phaseStart;
    private long _phaseShown;

    private ProgressDisplay(IAnsiConsole console, TimeProvider time)
    {
        _console = console;
        _time = time;
        _start = time.GetTimestamp();
    }

    private bool IsMoving => _status is not null;

    /// <summary>Runs the work with a display of its progress.</summary>
    public static async Task<T> RunAsync<T>(IAnsiConsole console, TimeProvider time, string title, Func<ProgressDisplay, Task<T>> work)
    {
        var display = new ProgressDisplay(console, time);
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi)
        {
            return await work(display);
        }

        return await console.Status().Spinner(Spinner.Known.Dots).StartAsync(Markup.Escape(title), async status =>
        {
            display._status = status;
            return await work(display);
        });
    }

    /// <inheritdoc/>
    public void Report(ClusterProgress value)
    {
        lock (_lock)
        {
            var text = value.Step switch
            {
                ClusterStep.Waiting => $"another command works on cluster {value.Component}; waiting for it",
                ClusterStep.Adopted => $"{value.Component} runs already",
                ClusterStep.Replaced => $"{value.Component} started anew",
                _ => $"{value.Component} {value.Step.ToString().ToLowerInvariant()}",
            };
            if (!IsMoving)
            {
                _console.WriteLine($"{Elapsed(_start),8}  {text}");
            }
            else if (value.Step is ClusterStep.Ready or ClusterStep.Stopped)
            {
                _console.MarkupLine($"[green]✓[/] {Markup.Escape(text)} [grey]{Elapsed(_start)}[/]");
            }
            else
            {
                _status!.Status(Markup.Escape(text));
            }
        }
    }

    /// <inheritdoc/>
    public void Report(BinaryProgress value)
    {
        lock (_lock)
        {
            var isNew = value.Phase != _phase;
            if (isNew)
            {
                _phase = value.Phase;
                _phaseStart = _time.GetTimestamp();
            }

            var text = $"{value.Route}: {value.Phase}{Amount(value)}";
            if (IsMoving && value.IsLasting)
            {
                _console.MarkupLine($"[grey]{Markup.Escape(text)}[/]");
            }
            else if (IsMoving)
            {
                _status!.Status($"{Markup.Escape(text)} [grey]{Elapsed(_phaseStart)}[/]");
            }
            else if (isNew || _time.GetElapsedTime(_phaseShown) > PlainInterval)
            {
                _phaseShown = _time.GetTimestamp();
                _console.WriteLine($"{Elapsed(_start),8}  {text}");
            }
        }
    }

    /// <summary>A line that stays.</summary>
    public void Say(string text)
    {
        lock (_lock)
        {
            _console.WriteLine(IsMoving ? text : $"{Elapsed(_start),8}  {text}");
        }
    }

    private static string Amount(BinaryProgress value) => value switch
    {
        { Done: null } => "",
        { Unit: "bytes", Total: null } => $", {Mebibytes(value.Done.Value)} MiB",
        { Unit: "bytes" } => $", {Mebibytes(value.Done.Value)} of {Mebibytes(value.Total.Value)} MiB",
        { Total: null } => $", {value.Done} {value.Unit}",
        _ => $", {value.Done} of about {value.Total} {value.Unit}",
    };

    private static string Mebibytes(long bytes) => (bytes >> 20).ToString(CultureInfo.InvariantCulture);

    private string Elapsed(long since)
    {
        var elapsed = _time.GetElapsedTime(since);
        return elapsed.TotalMinutes >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(int)elapsed.TotalMinutes} min {elapsed.Seconds:00} s")
            : string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds:0.0} s");
    }
}
