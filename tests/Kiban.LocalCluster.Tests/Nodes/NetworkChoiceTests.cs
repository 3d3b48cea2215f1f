using System.Net;
using Kiban.LocalCluster.Nodes.Networking;

namespace Kiban.LocalCluster.Tests.Nodes;

public class NetworkChoiceTests
{
    private static readonly ClusterDirectory Cluster = new("/state/clusters/kiban");

    [Fact]
    public void Same_cluster_gets_the_same_network_again() =>
        NetworkChoice.Choose(Cluster, []).ShouldBe(NetworkChoice.Choose(new ClusterDirectory("/state/clusters/kiban/"), []));

    [Fact]
    public void Network_that_is_routed_already_is_passed_over()
    {
        var first = NetworkChoice.Choose(Cluster, []);

        var second = NetworkChoice.Choose(Cluster, [new IPNetwork(first.NodeAddress, 32)]);

        second.ShouldNotBe(first);
        NetworkChoice.Overlaps(first.All, second.All).ShouldBeFalse();
    }

    [Fact]
    public void Clusters_that_know_of_each_other_never_share_an_address()
    {
        var chosen = new List<NodeNetwork>();
        for (var i = 0; i < 150; i++)
        {
            chosen.Add(NetworkChoice.Choose(new ClusterDirectory($"/state/clusters/c{i}"), [.. chosen.Select(network => network.All)]));
        }

        chosen.Distinct().Count().ShouldBe(150);
        Should.Throw<LocalClusterException>(() => NetworkChoice.Choose(Cluster, [.. chosen.Select(network => network.All)])).Message.ShouldContain("10.100.0.0/16 to 10.249.0.0/16");
    }

    [Fact]
    public void Parts_of_a_network_lie_in_it_and_do_not_overlap()
    {
        var network = new NodeNetwork(137);
        IPNetwork[] parts = [network.Pods, network.Services, network.Link, network.Egress];

        parts.ShouldAllBe(part => network.All.Contains(part.BaseAddress) && part.PrefixLength > network.All.PrefixLength);
        for (var i = 0; i < parts.Length; i++)
        {
            for (var j = i + 1; j < parts.Length; j++)
            {
                NetworkChoice.Overlaps(parts[i], parts[j]).ShouldBeFalse();
            }
        }

        network.Services.Contains(network.DnsAddress).ShouldBeTrue();
        network.Link.Contains(network.HostAddress).ShouldBeTrue();
        network.Link.Contains(network.NodeAddress).ShouldBeTrue();
    }

    [Theory]
    [InlineData("10.1.0.0/16", "10.1.2.0/24", true)]
    [InlineData("10.1.2.0/24", "10.1.0.0/16", true)]
    [InlineData("10.1.0.0/16", "10.2.0.0/16", false)]
    [InlineData("10.1.0.0/16", "10.0.0.0/8", true)]
    [InlineData("10.1.0.0/16", "0.0.0.0/0", false)]
    public void Networks_overlap_when_one_contains_the_other_but_the_default_route_takes_nothing(string one, string other, bool expected) =>
        NetworkChoice.Overlaps(IPNetwork.Parse(one), IPNetwork.Parse(other)).ShouldBe(expected);

    [Fact]
    public void Routes_of_every_kind_are_read_except_those_of_the_cluster_itself()
    {
        const string json = """
            [{"dst":"default","gateway":"192.0.2.1","dev":"eth0","flags":[]},
             {"dst":"10.137.0.0/24","gateway":"10.137.192.2","dev":"kibanaabbccdd","flags":[]},
             {"dst":"10.140.0.0/17","gateway":"10.140.192.2","dev":"kiban11223344","flags":[]},
             {"type":"local","dst":"192.0.2.2","dev":"eth0","table":"local"},
             {"type":"blackhole","dst":"10.9.0.0/16","table":"52"}]
            """;

        HostNetworks.Parse(json, "kibanaabbccdd").ShouldBe(
            [IPNetwork.Parse("10.140.0.0/17"), IPNetwork.Parse("192.0.2.2/32"), IPNetwork.Parse("10.9.0.0/16")]);
    }
}
