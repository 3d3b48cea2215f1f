using System.Net;
using Kiban.LocalCluster.Binaries;
using Kiban.LocalCluster.ControlPlanes;
using Kiban.LocalCluster.Pki;

namespace Kiban.LocalCluster.Tests.ControlPlanes;

public sealed class ControlPlaneFlagsTests : IDisposable
{
    private readonly ClusterDirectory _directory = new(Directory.CreateTempSubdirectory("kiban-flags-").FullName);

    [Theory]
    [InlineData("v1.20.2", true)]
    [InlineData("v1.23.17", true)]
    [InlineData("v1.24.0", false)]
    [InlineData("v1.36.0", false)]
    public void Insecure_port_is_closed_where_the_flag_exists(string version, bool isGiven) =>
        ControlPlaneFlags.ApiServer(Layout(version)).Contains("--insecure-port=0").ShouldBe(isGiven);

    [Theory]
    [InlineData("v1.20.2", true)]
    [InlineData("v1.22.17", true)]
    [InlineData("v1.23.0", false)]
    [InlineData("v1.36.0", false)]
    public void Unprotected_ports_of_the_other_components_are_closed_where_they_open_by_default(string version, bool isGiven)
    {
        ControlPlaneFlags.ControllerManager(Layout(version)).Contains("--port=0").ShouldBe(isGiven);
        ControlPlaneFlags.Scheduler(Layout(version)).Contains("--port=0").ShouldBe(isGiven);
    }

    [Fact]
    public void Endpoints_of_the_api_server_are_kept_only_at_an_address_that_Pods_can_reach()
    {
        ControlPlaneFlags.ApiServer(Layout("v1.20.2")).ShouldContain("--endpoint-reconciler-type=none");
        ControlPlaneFlags.ApiServer(Layout("v1.20.2", options => options with { Address = IPAddress.Parse("10.0.0.1") }))
            .ShouldNotContain("--endpoint-reconciler-type=none");
    }

    [Fact]
    public void Arguments_asked_for_come_last_so_that_they_win()
    {
        var flags = ControlPlaneFlags.ApiServer(Layout("v1.20.2", options => options with { ApiServerArguments = ["--profiling=true"] }));

        flags[^1].ShouldBe("--profiling=true");
    }

    [Fact]
    public void Audit_log_is_written_only_with_a_policy()
    {
        ControlPlaneFlags.ApiServer(Layout("v1.20.2")).ShouldNotContain(flag => flag.StartsWith("--audit-", StringComparison.Ordinal));
        ControlPlaneFlags.ApiServer(Layout("v1.20.2", options => options with { AuditPolicy = "rules: []" }))
            .ShouldContain(flag => flag.StartsWith("--audit-log-path=", StringComparison.Ordinal));
    }

    [Fact]
    public void Only_a_throw_away_cluster_goes_without_fsync()
    {
        ControlPlaneFlags.Etcd(Layout("v1.20.2")).ShouldContain("--unsafe-no-fsync");
        ControlPlaneFlags.Etcd(Layout("v1.20.2", options => options with { Directory = _directory })).ShouldNotContain("--unsafe-no-fsync");
    }

    [Fact]
    public void Nodes_get_addresses_for_Pods_where_there_is_a_Pod_network()
    {
        ControlPlaneFlags.ControllerManager(Layout("v1.20.2")).ShouldNotContain("--allocate-node-cidrs=true");
        ControlPlaneFlags.ControllerManager(Layout("v1.20.2", options => options with { PodNetwork = IPNetwork.Parse("10.244.0.0/16") }))
            .ShouldContain("--cluster-cidr=10.244.0.0/16");
    }

    public void Dispose() => Directory.Delete(_directory.Path, recursive: true);

    private ControlPlaneLayout Layout(string version, Func<ControlPlaneOptions, ControlPlaneOptions>? configure = null)
    {
        var options = new ControlPlaneOptions { Binaries = new KubernetesBinaries("/nowhere", KubernetesVersion.Parse(version)) };
        options = configure?.Invoke(options) ?? options;
        var pki = ClusterPki.LoadOrCreate(_directory, TimeProvider.System);
        return new ControlPlaneLayout
        {
            Directory = _directory,
            Options = options,
            Ports = new ControlPlanePorts(1, 2, 3, 4, 5),
            Pki = pki,
            Files = ControlPlaneFiles.Issue(pki, options),
        };
    }
}
