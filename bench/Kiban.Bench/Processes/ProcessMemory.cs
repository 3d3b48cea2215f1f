using System.Globalization;

namespace Kiban.Bench.Processes;

/// <summary>Memory of a process in MiB, as the kernel counts it (<see href="https://docs.kernel.org/filesystems/proc.html"/>).</summary>
/// <param name="Resident">All pages in memory (VmRSS).</param>
/// <param name="Peak">The most that <paramref name="Resident"/> has been (VmHWM).</param>
/// <param name="Anonymous">Of these, heap, stacks and compiled code (RssAnon + RssShmem): what a container's limit always counts.</param>
internal sealed record ProcessMemory(double Resident, double Peak, double Anonymous)
{
    /// <summary>Reads it.</summary>
    public static ProcessMemory Of(int processId)
    {
        var status = File.ReadLines($"/proc/{processId}/status")
            .Select(line => line.Split(':', 2))
            .ToDictionary(parts => parts[0], parts => parts[1].Trim());
        return new ProcessMemory(Read("VmRSS"), Read("VmHWM"), Read("RssAnon") + Read("RssShmem"));

        double Read(string key) => double.Parse(status[key].Split(' ')[0], CultureInfo.InvariantCulture) / 1024;
    }
}
