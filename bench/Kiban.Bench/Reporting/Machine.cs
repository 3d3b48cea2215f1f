using System.Globalization;
using System.Runtime.InteropServices;

namespace Kiban.Bench.Reporting;

/// <summary>What the numbers were measured on.</summary>
internal static class Machine
{
    /// <summary>Cores, memory, kernel, runtime and load of this machine.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Describe()
    {
        yield return new("cores", Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture));
        yield return new("CPU", FirstValue("/proc/cpuinfo", "model name") ?? RuntimeInformation.OSArchitecture.ToString());
        yield return new("memory", $"{GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 1024 / 1024 / 1024} GiB");
        yield return new("kernel", FirstLine("/proc/sys/kernel/osrelease") ?? Environment.OSVersion.VersionString);
        yield return new(".NET", Environment.Version.ToString());
        yield return new("load average at the start", (FirstLine("/proc/loadavg") ?? "?").Split(' ')[0]);
    }

    private static string? FirstLine(string path) => File.Exists(path) ? File.ReadLines(path).FirstOrDefault() : null;

    private static string? FirstValue(string path, string key) =>
        File.Exists(path)
            ? File.ReadLines(path).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : null;
}
