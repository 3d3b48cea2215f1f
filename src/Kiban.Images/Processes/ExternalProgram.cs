using System.Diagnostics;
using System.Text;

namespace Kiban.Images.Processes;

/// <summary>Runs a program of the machine to its end, with its output taken in.</summary>
internal sealed record ExternalProgram(string FileName)
{
    /// <summary>How much of a failing program's complaint an error quotes, in characters.</summary>
    private const int QuotedComplaint = 2000;

    /// <summary>Variables set for the program, beyond those of this process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Runs it and returns what it wrote to standard output.</summary>
    /// <exception cref="ImageBuildException">It could not be started, or ended with another code than 0.</exception>
    public async Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken cancellationToken)
    {
        var output = new StringBuilder();
        await RunAsync(
            arguments,
            writeInput: null,
            async (stream, cancel) =>
            {
                using var reader = new StreamReader(stream);
                output.Append(await reader.ReadToEndAsync(cancel));
            },
            cancellationToken);
        return output.ToString();
    }

    /// <summary>Runs it, feeds its standard input and reads its standard output.</summary>
    /// <exception cref="ImageBuildException">It could not be started, or ended with another code than 0.</exception>
    public async Task RunAsync(
        IEnumerable<string> arguments,
        Func<Stream, CancellationToken, Task>? writeInput,
        Func<Stream, CancellationToken, Task> readOutput,
        CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(FileName, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var (name, value) in Environment)
            start.Environment[name] = value;

        using var process = Start(start);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            var input = Task.Run(() => FeedAsync(process.StandardInput.BaseStream, writeInput, cancellationToken), cancellationToken);
            var output = readOutput(process.StandardOutput.BaseStream, cancellationToken);
            await Task.WhenAll(output, errors, input);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                throw new ImageBuildException($"{FileName} ended with exit code {process.ExitCode}: {LastPart(await errors)}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }

    private Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new ImageBuildException($"{FileName} could not be started: {e.Message}; is it installed?", e);
        }
    }

    private static async Task FeedAsync(Stream input, Func<Stream, CancellationToken, Task>? write, CancellationToken cancellationToken)
    {
        try
        {
            if (write is not null)
                await write(input, cancellationToken);
            await input.DisposeAsync();
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            // The program closed its input early; its exit code and complaint say why.
        }
    }

    private static string LastPart(string complaint)
    {
        var text = complaint.Trim();
        return text.Length <= QuotedComplaint ? text : "…" + text[^QuotedComplaint..];
    }
}
