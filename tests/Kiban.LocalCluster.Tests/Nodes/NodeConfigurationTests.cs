using System.Text.Json.Nodes;
using Kiban.LocalCluster.Binaries;
using Kiban.LocalCluster.Nodes;
using Kiban.LocalCluster.Nodes.Configuration;
using Kiban.LocalCluster.Nodes.Networking;
using Kiban.LocalCluster.Nodes.Sandboxing;
using YamlDotNet.Serialization;

namespace Kiban.LocalCluster.Tests.Nodes;

public class NodeConfigurationTests
{
    [Theory]
    [InlineData("v1.20.2", true)]
    [InlineData("v1.26.15", true)]
    [InlineData("v1.27.0", false)]
    [InlineData("v1.36.0", false)]
    public void Kubelet_is_told_its_runtime_by_flags_until_1_26_and_by_its_file_from_1_27(string version, bool byFlag)
    {
        var layout = Layout(version);

        var flags = KubeletConfiguration.Arguments(layout);
        var file = Yaml(KubeletConfiguration.Render(layout));

        flags.Contains("--container-runtime=remote").ShouldBe(byFlag);
        flags.Any(flag => flag.StartsWith("--container-runtime-endpoint=", StringComparison.Ordinal)).ShouldBe(byFlag);
        file.ContainsKey("containerRuntimeEndpoint").ShouldBe(!byFlag);
        if (!byFlag)
        {
            file["containerRuntimeEndpoint"].ShouldBe("unix:///run/containerd/containerd.sock");
        }
    }

    [Theory]
    [InlineData("v1.30.9", false)]
    [InlineData("v1.31.0", true)]
    [InlineData("v1.36.0", true)]
    public void Kubelet_is_allowed_cgroup_v1_where_its_release_would_refuse(string version, bool isSet) =>
        Yaml(KubeletConfiguration.Render(Layout(version))).ContainsKey("failCgroupV1").ShouldBe(isSet);

    [Fact]
    public void Kubelet_serves_only_authenticated_clients_and_keeps_its_pods_in_the_clusters_cgroup()
    {
        var layout = Layout("v1.20.2");
        var file = Yaml(KubeletConfiguration.Render(layout));

        Child(Child(file, "authentication"), "anonymous")["enabled"].ShouldBe("false");
        Child(file, "authorization")["mode"].ShouldBe("Webhook");
        file["cgroupRoot"].ShouldBe("/" + layout.CgroupName);
        ((List<object>)file["clusterDNS"]).ShouldBe([layout.Network.DnsAddress.ToString()]);
    }

    [Fact]
    public void Kube_proxy_leaves_the_machines_connection_tracking_alone()
    {
        var file = Yaml(KubeProxyConfiguration.Render(Layout("v1.20.2")));

        Child(file, "conntrack").ShouldBe(new Dictionary<object, object> { ["maxPerCore"] = "0", ["min"] = "0" });
        file["clusterCIDR"].ShouldBe("10.137.0.0/24");
    }

    [Theory]
    [InlineData(true, "bridge")]
    [InlineData(false, "ptp")]
    public void Pod_network_is_a_bridge_with_the_clusters_own_addresses_or_wires_where_bridges_escape_iptables(bool bridgesAreFiltered, string type)
    {
        var plugins = JsonNode.Parse(CniConfiguration.Render(Layout("v1.20.2"), bridgesAreFiltered))!["plugins"]!.AsArray();

        plugins.Select(plugin => (string?)plugin!["type"]).ShouldBe([type, "portmap"]);
        ((string?)plugins[0]!["ipam"]!["ranges"]![0]![0]!["subnet"]).ShouldBe("10.137.0.0/24");
    }

    [Theory]
    [InlineData(true, "restrict_oom_score_adj = false")]
    [InlineData(false, "restrict_oom_score_adj = true")]
    public void Containerd_does_not_ask_for_oom_scores_that_the_kernel_would_refuse(bool canRaise, string line) =>
        ContainerdConfiguration.Render("kiban.dev/pause:dev", "/usr/sbin/runc", "/usr/lib/cni", canRaise).ShouldContain(line);

    [Fact]
    public void Names_of_a_cluster_fit_what_the_kernel_and_kubernetes_allow()
    {
        var layout = Layout("v1.20.2") with { Cluster = new ClusterDirectory("/state/" + new string('Ä', 80) + "_x") };

        layout.InterfaceName.Length.ShouldBeLessThanOrEqualTo(15);
        layout.NodeName.ShouldMatch("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$");
        NodeLayout.InterfaceNameOf(new ClusterDirectory("/a")).ShouldNotBe(NodeLayout.InterfaceNameOf(new ClusterDirectory("/b")));
    }

    [Fact]
    public async Task Script_of_the_sandbox_survives_a_directory_with_quotes_and_blanks()
    {
        var layout = Layout("v1.20.2") with { Cluster = new ClusterDirectory("/tmp/it's a $(cluster)") };

        var checkedScript = await Command.RunAsync("/bin/sh", ["-n"], TestContext.Current.CancellationToken, SandboxScript.Render(layout, "/usr/bin/catatonit", "/usr/sbin/iptables"));
        var quoted = await Command.RunAsync("/bin/sh", [], TestContext.Current.CancellationToken, SandboxScript.Render(layout, "x", "y").Split('\n').First(line => line.StartsWith("cd ", StringComparison.Ordinal)).Replace("cd ", "printf %s ", StringComparison.Ordinal));

        checkedScript.Error.ShouldBe("");
        quoted.Output.ShouldBe(layout.Stage);
    }

    [Fact]
    public void Hybrid_machine_uses_the_hierarchies_of_v1()
    {
        const string hybrid = """
            25 1 0:22 / /sys/fs/cgroup rw - tmpfs tmpfs rw
            26 25 0:23 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
            27 25 0:24 / /sys/fs/cgroup/systemd rw shared:3 - cgroup cgroup rw,name=systemd
            28 25 0:25 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
            """;

        var (all, withControllers) = CgroupTree.ParseHierarchies(hybrid);

        withControllers.ShouldBe(["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/systemd"]);
        all.ShouldBe(["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified"]);
        CgroupTree.ParseHierarchies("25 1 0:22 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n").WithControllers.ShouldBe(["/sys/fs/cgroup"]);
    }

    [Theory]
    [InlineData("Name:\tx\nCapEff:\t000001fffeffffff\n", false)]
    [InlineData("Name:\tx\nCapEff:\t000001ffffffffff\n", true)]
    public void Missing_capability_is_seen(string status, bool expected) => LinuxCapabilities.Parse(status, 24).ShouldBe(expected);

    internal static NodeLayout Layout(string version) => new()
    {
        Cluster = new ClusterDirectory("/state/clusters/kiban"),
        Binaries = new KubernetesBinaries("/cache/kubernetes", KubernetesVersion.Parse(version)),
        Network = new NodeNetwork(137),
        DnsPort = 15353,
    };

    private static Dictionary<object, object> Yaml(string text) => new DeserializerBuilder().Build().Deserialize<Dictionary<object, object>>(text);

    private static Dictionary<object, object> Child(Dictionary<object, object> parent, string key) => (Dictionary<object, object>)parent[key];
}
