using System.Diagnostics;

namespace Kiban.Bench.Processes;

/// <summary>A program under measurement: its output goes to a file, and it ends with this object.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    /// <summary>Its id.</summary>
    public int Id => _process.Id;

    /// <summary>Processor time that it has used: unlike latency, hardly the worse for what else the machine does.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts the program.</summary>
    public static ChildProcess Start(string program, IEnumerable<string> arguments, string logFile, IReadOnlyDictionary<string, string>? environment = null)
    {
        // The shell puts itself out of the way, so that the id is the program's own.
        var start = new ProcessStartInfo("/bin/sh", ["-c", """exec "$@" >"$0" 2>&1 </dev/null""", logFile, program, .. arguments]);
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>Waits until the address answers 200.</summary>
    /// <exception cref="InvalidOperationException">The program ended, or did not answer in a minute.</exception>
    public async Task<TimeSpan> WaitUntilAnsweringAsync(Uri address, CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        var started = Stopwatch.StartNew();
        while (!await AnswersAsync(http, address, cancellationToken))
        {
            if (_process.HasExited || started.Elapsed > TimeSpan.FromMinutes(1))
                throw new InvalidOperationException($"{address} does not answer{(_process.HasExited ? $"; the program ended with exit code {_process.ExitCode}" : "")}.");
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, cancellationToken);
        }

        return started.Elapsed;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static async Task<bool> AnswersAsync(HttpClient http, Uri address, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(address, cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
