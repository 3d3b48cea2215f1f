using System.Diagnostics;
using System.Text;
using Kiban.LocalCluster.Processes;

namespace Kiban.LocalCluster.Tests.CommandLine;

/// <summary>The program <c>kiban</c> as a process of its own, with state of its own.</summary>
internal sealed class KibanProgram : IAsyncDisposable
{
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Process _process;

    private KibanProgram(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Append(_output, line.Data);
        process.ErrorDataReceived += (_, line) => Append(_error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        Identity = ProcessIdentity.TryRead(process.Id);
    }

    /// <summary>The process, or null when it had ended at once.</summary>
    public ProcessIdentity? Identity { get; }

    public string Error
    {
        get
        {
            lock (_error)
            {
                return _error.ToString();
            }
        }
    }

    public static KibanProgram Start(string state, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "kiban.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["KIBAN_STATE"] = state;
        return new KibanProgram(Process.Start(start)!);
    }

    public static async Task<CommandResult> RunAsync(string state, params string[] arguments)
    {
        await using var program = Start(state, arguments);
        return await program.WaitAsync();
    }

    public async Task<CommandResult> WaitAsync()
    {
        await _process.WaitForExitAsync();
        return new CommandResult(_process.ExitCode, _output.ToString(), Error);
    }

    public async Task WaitForErrorAsync(string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (!Error.Contains(text, StringComparison.Ordinal))
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"kiban ended with {_process.ExitCode} before it said '{text}': {Error}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, patience.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Identity?.Send(UnixSignal.Kill);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static void Append(StringBuilder builder, string? line)
    {
        lock (builder)
        {
            builder.AppendLine(line);
        }
    }
}
