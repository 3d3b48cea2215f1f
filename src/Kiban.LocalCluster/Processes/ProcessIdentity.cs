using System.Globalization;

namespace Kiban.LocalCluster.Processes;

/// <summary>
/// A process that cannot be mistaken for another that got the same id later: the id and the time of its start in clock ticks
/// since boot (field 22 of <see href="https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">/proc/pid/stat</see>).
/// </summary>
public readonly record struct ProcessIdentity(int Id, long StartTicks)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } = TryRead(Environment.ProcessId)
        ?? throw new PlatformNotSupportedException("/proc is not mounted.");

    /// <summary>True while the process runs; one that has ended and waits only to be reaped by its parent does not run.</summary>
    public bool IsRunning => TryRead(Id) == this;

    /// <summary>Reads the identity of the running process with the id, or null where there is none.</summary>
    public static ProcessIdentity? TryRead(int id)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{id.ToString(CultureInfo.InvariantCulture)}/stat");
        }
        catch (IOException)
        {
            // Not there, or it ended while it was read (ESRCH).
            return null;
        }

        return Parse(id, stat);
    }

    /// <summary>Reads the text of <c>/proc/pid/stat</c>; null for a process that has ended.</summary>
    internal static ProcessIdentity? Parse(int id, string stat)
    {
        // The second field is the name in parentheses, and may itself hold blanks and parentheses.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        // Of a program with threads the first may have ended before the others, which hold its ports and files until they have, too.
        var hasThreads = int.Parse(fields[17], CultureInfo.InvariantCulture) > 1;
        return fields[0] is "Z" or "X" && !hasThreads ? null : new ProcessIdentity(id, long.Parse(fields[19], CultureInfo.InvariantCulture));
    }
}
