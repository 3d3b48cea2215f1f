namespace Kiban.LocalCluster.Doctor;

/// <summary>Everything the doctor has to say about a machine: a pure function of what was found on it.</summary>
public sealed record Diagnosis
{
    private const long GiB = 1L << 30;

    private Diagnosis(IReadOnlyList<Finding> findings, IReadOnlyList<string> missingPackages)
    {
        Findings = findings;
        MissingPackages = missingPackages;
    }

    /// <summary>One finding a need.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>Debian packages to install.</summary>
    public IReadOnlyList<string> MissingPackages { get; }

    /// <summary>One line to copy that installs what is missing, or null.</summary>
    public string? InstallCommand => MissingPackages.Count == 0 ? null : $"apt-get install -y --no-install-recommends {string.Join(' ', MissingPackages)}";

    /// <summary>Nothing keeps a cluster from running.</summary>
    public bool IsHealthy => Findings.All(finding => finding.Severity != FindingSeverity.Problem);

    /// <summary>Judges a machine.</summary>
    /// <param name="facts">What was found on it.</param>
    /// <param name="node">Whether the cluster is to have a node, which needs much more than a control plane.</param>
    public static Diagnosis Of(MachineFacts facts, bool node)
    {
        var missing = facts.MissingPrograms.Where(program => node || !program.NodeOnly).ToList();
        var needsBuildPackages = facts.CachedVersions.Count == 0 ? facts.MissingBuildPackages : [];
        List<Finding> findings =
        [
            Packages(missing, facts.HasApt),
            Binaries(facts),
            facts.HasFreePorts
                ? Good("ports", "free TCP ports were found")
                : Problem("ports", "no free TCP ports between 12000 and 29999 were found"),
            Space("disk for clusters", facts.StateFreeBytes, wanted: 2 * GiB),
            // Measured for 1.20.2: source tree, compiler cache and programs.
            Space("disk for programs", facts.CacheFreeBytes, wanted: facts.CachedVersions.Count > 0 ? GiB / 2 : 6 * GiB),
            Memory(facts, node),
        ];
        if (node)
        {
            findings.AddRange(
            [
                facts.IsRoot ? Good("root", "running as root") : Problem("root", "a node changes network, mounts and cgroups: run as root (a control plane alone needs none: --control-plane-only)"),
                Kernel("overlay file system", facts.FileSystems, ["overlay"], "modprobe overlay"),
                Kernel("namespaces", facts.Namespaces, ["net", "mnt", "pid", "ipc", "uts"], "a kernel or container that allows them"),
                Kernel("control groups", facts.CgroupControllers, ["cpu", "memory", "pids"], "mounting them below /sys/fs/cgroup"),
                facts.IptablesError is null
                    ? Good("iptables", "the nat table can be read")
                    : Problem("iptables", $"the nat table cannot be read, which Services need: {facts.IptablesError}"),
            ]);
        }

        return new Diagnosis(findings, [.. missing.Select(program => program.Package).Concat(needsBuildPackages).Distinct(StringComparer.Ordinal)]);
    }

    private static Finding Packages(List<RequiredProgram> missing, bool hasApt) => missing.Count == 0
        ? Good("packages", "every program that is needed is installed")
        : Problem("packages", $"missing: {string.Join(", ", missing.Select(program => program.Program))}" + (hasApt ? "" : "; this is not a Debian machine, so install them its way"));

    private static Finding Binaries(MachineFacts facts)
    {
        if (facts.CachedVersions.Count > 0)
        {
            return Good("Kubernetes", $"in the cache: {string.Join(", ", facts.CachedVersions)}");
        }

        return facts.MissingBuildPackages.Count == 0 && facts.HasApt
            ? new Finding("Kubernetes", FindingSeverity.Warning, "not in the cache yet: the first 'up' downloads it or builds it from Debian's source package (about 10 minutes)")
            : new Finding(
                "Kubernetes",
                FindingSeverity.Warning,
                $"not in the cache yet: the first 'up' downloads it; a build from source, where nothing can be downloaded, lacks {string.Join(", ", facts.MissingBuildPackages)}");
    }

    private static Finding Space(string need, long free, long wanted) => free >= wanted
        ? Good(need, $"{InGiB(free)} free")
        : Problem(need, $"{InGiB(free)} free, {InGiB(wanted)} needed");

    private static Finding Memory(MachineFacts facts, bool node)
    {
        var wanted = node ? 2 * GiB : GiB;
        return facts.AvailableMemoryBytes >= wanted
            ? Good("memory", $"{InGiB(facts.AvailableMemoryBytes)} available")
            : new Finding("memory", FindingSeverity.Warning, $"{InGiB(facts.AvailableMemoryBytes)} available, {InGiB(wanted)} would be comfortable");
    }

    private static Finding Kernel(string need, IReadOnlySet<string> present, string[] wanted, string remedy)
    {
        var missing = wanted.Where(item => !present.Contains(item)).ToList();
        return missing.Count == 0 ? Good(need, string.Join(", ", wanted)) : Problem(need, $"the kernel offers no {string.Join(", ", missing)}; needed is {remedy}");
    }

    private static Finding Good(string need, string detail) => new(need, FindingSeverity.Good, detail);

    private static Finding Problem(string need, string detail) => new(need, FindingSeverity.Problem, detail);

    private static string InGiB(long bytes) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{bytes / (double)GiB:0.0} GiB");
}
