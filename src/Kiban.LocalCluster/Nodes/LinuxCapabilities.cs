using System.Globalization;

namespace Kiban.LocalCluster.Nodes;

/// <summary>What this process may do (<see href="https://man7.org/linux/man-pages/man7/capabilities.7.html"/>).</summary>
internal static class LinuxCapabilities
{
    private const int SystemResource = 24;

    /// <summary>CAP_SYS_RESOURCE, which lowering an oom_score_adj takes; root has it unless a container or sandbox took it away.</summary>
    public static bool HasSystemResource => Parse(File.ReadAllText("/proc/self/status"), SystemResource);

    /// <summary>Reads one bit of the effective set from the text of <c>/proc/self/status</c>.</summary>
    internal static bool Parse(string status, int capability)
    {
        var effective = status.Split('\n').First(line => line.StartsWith("CapEff:", StringComparison.Ordinal)).Split('\t')[1];
        return (ulong.Parse(effective, NumberStyles.HexNumber, CultureInfo.InvariantCulture) >> capability & 1) == 1;
    }
}
