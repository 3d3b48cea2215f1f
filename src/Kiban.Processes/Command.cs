using System.ComponentModel;
using System.Diagnostics;

namespace Kiban.Processes;

/// <summary>Runs programs that end by themselves. They are told to speak English (<c>LC_ALL=C.UTF-8</c>), since what they say is read.</summary>
public static class Command
{
    private const int TextFileBusy = 26;

    // Debian keeps iptables, ip and etcd helpers in sbin folders that are not on a plain user's PATH.
    private static readonly string[] SystemFolders = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

    /// <summary>Absolute path of the program as the shell would find it, the sbin folders too, or null.</summary>
    public static string? Locate(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(SystemFolders)
            .Select(folder => Path.Combine(folder, name))
            .FirstOrDefault(IsExecutable);

    /// <summary>True for a file that may be executed.</summary>
    public static bool IsExecutable(string path) =>
        File.Exists(path) && (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    /// <summary>Runs the program to its end and takes its output in; on cancellation the program and its children are killed.</summary>
    /// <exception cref="CommandException">The program cannot be started.</exception>
    public static async Task<CommandResult> RunAsync(
        string program, IEnumerable<string> arguments, CancellationToken cancellationToken, string? input = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        var output = "";
        var result = await StreamAsync(
            program,
            arguments,
            async (stream, cancel) =>
            {
                await using var writer = new StreamWriter(stream);
                await writer.WriteAsync(input.AsMemory(), cancel);
            },
            async (stream, cancel) =>
            {
                using var reader = new StreamReader(stream);
                output = await reader.ReadToEndAsync(cancel);
            },
            cancellationToken,
            environment);
        return result with { Output = output };
    }

    /// <summary>
    /// Runs the program to its end, feeds its standard input and reads its standard output; the result holds no output. On cancellation,
    /// and when one of both fails, the program and its children are killed.
    /// </summary>
    /// <exception cref="CommandException">The program cannot be started.</exception>
    public static async Task<CommandResult> StreamAsync(
        string program,
        IEnumerable<string> arguments,
        Func<Stream, CancellationToken, Task>? writeInput,
        Func<Stream, CancellationToken, Task> readOutput,
        CancellationToken cancellationToken,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["LC_ALL"] = "C.UTF-8";
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = await StartAsync(start, cancellationToken);
        try
        {
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var input = Task.Run(() => FeedAsync(process.StandardInput.BaseStream, writeInput, cancellationToken), cancellationToken);
            await Task.WhenAll(readOutput(process.StandardOutput.BaseStream, cancellationToken), error, input);
            await process.WaitForExitAsync(cancellationToken);
            return new CommandResult(process.ExitCode, "", await error) { Program = Path.GetFileName(program) };
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static async Task<Process> StartAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return Process.Start(start)!;
            }
            catch (Win32Exception e) when (e.NativeErrorCode == TextFileBusy && attempt < 50)
            {
                // A program written a moment ago: between fork and exec, the child of another thread still has it open for writing.
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, cancellationToken);
            }
            catch (Win32Exception e)
            {
                throw new CommandException($"{start.FileName} could not be started: {e.Message}; is it installed?", e);
            }
        }
    }

    private static async Task FeedAsync(Stream input, Func<Stream, CancellationToken, Task>? write, CancellationToken cancellationToken)
    {
        try
        {
            if (write is not null)
            {
                await write(input, cancellationToken);
            }

            await input.DisposeAsync();
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            // The program closed its input early; its exit code and complaint say why.
        }
    }
}
