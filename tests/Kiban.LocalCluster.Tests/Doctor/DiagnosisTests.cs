using Kiban.LocalCluster.Binaries;
using Kiban.LocalCluster.Doctor;

namespace Kiban.LocalCluster.Tests.Doctor;

public class DiagnosisTests
{
    private static readonly MachineFacts Fit = new()
    {
        IsRoot = true,
        HasApt = true,
        MissingPrograms = [],
        CachedVersions = [new KubernetesVersion(1, 20, 2)],
        MissingBuildPackages = [],
        FileSystems = new HashSet<string> { "overlay" },
        Namespaces = new HashSet<string> { "net", "mnt", "pid", "ipc", "uts" },
        CgroupControllers = new HashSet<string> { "cpu", "memory", "pids" },
        IptablesError = null,
        StateFreeBytes = 50L << 30,
        CacheFreeBytes = 50L << 30,
        AvailableMemoryBytes = 8L << 30,
        HasFreePorts = true,
    };

    [Fact]
    public void Fit_machine_is_healthy_and_needs_nothing()
    {
        var diagnosis = Diagnosis.Of(Fit, node: true);

        diagnosis.IsHealthy.ShouldBeTrue();
        diagnosis.InstallCommand.ShouldBeNull();
        diagnosis.Findings.ShouldAllBe(finding => finding.Severity == FindingSeverity.Good);
    }

    [Fact]
    public void Missing_packages_are_one_line_to_copy_each_named_once()
    {
        var facts = Fit with { MissingPrograms = [new("etcd", "etcd-server", false), new("setsid", "util-linux", false), new("nsenter", "util-linux", true)] };

        Diagnosis.Of(facts, node: true).InstallCommand.ShouldBe("apt-get install -y --no-install-recommends etcd-server util-linux");
    }

    [Fact]
    public void Build_packages_are_asked_for_only_while_the_cache_is_empty()
    {
        var facts = Fit with { MissingBuildPackages = ["golang-go"] };

        Diagnosis.Of(facts, node: true).MissingPackages.ShouldBeEmpty();
        Diagnosis.Of(facts with { CachedVersions = [] }, node: true).MissingPackages.ShouldBe(["golang-go"]);
    }

    [Fact]
    public void Control_plane_alone_needs_neither_root_nor_kernel_nor_the_nodes_packages()
    {
        var facts = Fit with
        {
            IsRoot = false,
            MissingPrograms = [new("containerd", "containerd", true)],
            FileSystems = new HashSet<string>(),
            CgroupControllers = new HashSet<string>(),
            IptablesError = "not permitted",
        };

        Diagnosis.Of(facts, node: false).IsHealthy.ShouldBeTrue();
        Diagnosis.Of(facts, node: true).Findings.Where(finding => finding.Severity == FindingSeverity.Problem).Select(finding => finding.Need)
            .ShouldBe(["packages", "root", "overlay file system", "control groups", "iptables"], ignoreOrder: true);
    }

    [Fact]
    public void Full_disk_is_a_problem_and_says_how_much_is_needed()
    {
        var finding = Diagnosis.Of(Fit with { StateFreeBytes = 1L << 30 }, node: false).Findings.Single(finding => finding.Severity == FindingSeverity.Problem);

        finding.Need.ShouldBe("disk for clusters");
        finding.Detail.ShouldBe("1.0 GiB free, 2.0 GiB needed");
    }

    [Fact]
    public async Task Facts_of_this_machine_can_be_collected()
    {
        var facts = await MachineFacts.CollectAsync(CancellationToken.None);

        facts.AvailableMemoryBytes.ShouldBeGreaterThan(0);
        facts.Namespaces.ShouldContain("net");
    }
}
