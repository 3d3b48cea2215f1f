using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Kiban.Loader.Tests.Programs;

/// <summary>A loader that runs as a program.</summary>
internal sealed class LoaderProcess : IDisposable
{
    private readonly Process _process;
    private readonly string _terminationLog;
    private readonly Task<string> _output;
    private readonly Task<string> _error;

    private LoaderProcess(Process process, string terminationLog)
    {
        (_process, _terminationLog) = (process, terminationLog);
        _output = process.StandardOutput.ReadToEndAsync();
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts it, without what the machine says of clouds.</summary>
    public static LoaderProcess Start(string program, string terminationLog, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, [.. arguments, "--termination-log", terminationLog]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal) || name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        File.Delete(terminationLog);
        return new LoaderProcess(Process.Start(start)!, terminationLog);
    }

    /// <summary>Its id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it ended.</summary>
    public bool HasEnded => _process.HasExited;

    /// <summary>Ends it as the kernel does, at once.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Asks it to end, as the kubelet does.</summary>
    public void Terminate() => Process.Start("kill", ["-TERM", $"{_process.Id}"]).WaitForExit();

    /// <summary>Waits for its end.</summary>
    public async Task<(int ExitCode, string Output, string Error, JsonNode? LastWords)> EndAsync(CancellationToken cancellationToken)
    {
        await _process.WaitForExitAsync(cancellationToken);
        return (_process.ExitCode, await _output, await _error, File.Exists(_terminationLog) ? JsonNode.Parse(await File.ReadAllTextAsync(_terminationLog, cancellationToken)) : null);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.Dispose();
    }
}
