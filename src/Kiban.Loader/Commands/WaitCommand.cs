using System.CommandLine;
using Kiban.Loader.Progress;
using Kiban.Loader.Waiting;

namespace Kiban.Loader.Commands;

/// <summary><c>kiban-loader wait</c></summary>
internal static class WaitCommand
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>The command.</summary>
    public static Command Create(TimeProvider time)
    {
        var annotations = new Option<string>("--annotations") { Description = "File of a downwardAPI volume with metadata.annotations", HelpName = "FILE", Required = true };
        var claims = new Option<string[]>("--claim") { Description = "Claim whose data is waited for; may be repeated", HelpName = "NAME", Required = true };
        var terminationLog = new Option<string?>("--termination-log") { Description = "File for the last words", HelpName = "FILE" };
        var command = new Command("wait", """
            Wait until a Pod's annotations say that the data of its claims is loaded. Init containers of Pods run this.

            Example:
              kiban-loader wait --annotations /etc/podinfo/annotations --claim imagenet
            """)
        {
            annotations, claims, terminationLog,
        };
        command.SetAction((parsed, cancellationToken) => CommandEnd.RunAsync(
            parsed.GetValue(terminationLog),
            cancel => WaitAsync(parsed.GetRequiredValue(annotations), parsed.GetRequiredValue(claims), time, cancel),
            Console.Error.WriteLine,
            report => report,
            time,
            cancellationToken));
        return command;
    }

    private static async Task<EndReport> WaitAsync(string file, IReadOnlyList<string> claims, TimeProvider time, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        string[]? told = null;
        while (true)
        {
            string[] missing = [.. claims.Except(LoadedClaims.Read(File.Exists(file) ? File.ReadAllText(file) : ""))];
            if (missing.Length == 0)
                return new EndReport { State = nameof(LoadReason.Loaded), Reason = nameof(LoadReason.Loaded), Message = $"The data of {string.Join(", ", claims)} is loaded." };
            if (told is null || !missing.SequenceEqual(told))
                Console.Out.WriteLine($"waiting for the data of {string.Join(", ", missing)}");
            told = missing;
            await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
