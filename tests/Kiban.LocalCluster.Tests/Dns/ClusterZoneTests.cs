using System.Net;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using k8s.Models;
using Kiban.LocalCluster.Dns;

namespace Kiban.LocalCluster.Tests.Dns;

public class ClusterZoneTests
{
    [Fact]
    public void Service_has_its_virtual_address()
    {
        var zone = Zone([Service("web", "shop", "10.137.128.7")]);

        Addresses(zone, "web.shop.svc.cluster.local").ShouldBe(["10.137.128.7"]);
        Addresses(zone, "WEB.Shop.svc.CLUSTER.local").ShouldBe(["10.137.128.7"]);
    }

    [Fact]
    public void Name_that_exists_without_records_of_the_type_is_no_data_not_no_name()
    {
        var zone = Zone([Service("web", "shop", "10.137.128.7")]);

        foreach (var (name, type) in new[] { ("web.shop.svc.cluster.local", RecordType.Aaaa), ("shop.svc.cluster.local", RecordType.A), ("svc.cluster.local", RecordType.A), ("cluster.local", RecordType.A) })
        {
            var answer = zone.Answer(DomainName.Parse(name), type).ShouldNotBeNull();
            answer.Code.ShouldBe(ReturnCode.NoError, name);
            answer.Records.ShouldBeEmpty(name);
            answer.Authority.NegativeCachingTTL.ShouldBe(ClusterZone.TimeToLive);
        }
    }

    [Theory]
    [InlineData("webb.shop.svc.cluster.local")]
    [InlineData("web.other.svc.cluster.local")]
    // What the search list makes of names outside (ndots:5): a client goes on only after "no such name".
    [InlineData("example.com.shop.svc.cluster.local")]
    [InlineData("example.com.cluster.local")]
    public void Name_that_does_not_exist_is_denied(string name) =>
        Zone([Service("web", "shop", "10.137.128.7")]).Answer(DomainName.Parse(name), RecordType.A).ShouldNotBeNull().Code.ShouldBe(ReturnCode.NxDomain);

    [Theory]
    [InlineData("example.com")]
    [InlineData("cluster.local.example.com")]
    [InlineData("notcluster.local")]
    [InlineData("1.2.0.192.in-addr.arpa")]
    public void Name_of_somebody_else_is_not_answered_here(string name) =>
        Zone([]).Answer(DomainName.Parse(name), RecordType.A).ShouldBeNull();

    [Fact]
    public void Headless_service_has_the_addresses_of_its_ready_endpoints_and_each_pod_its_own_name()
    {
        var zone = Zone([Service("db", "shop", "None")], [Endpoints("db", "shop", ready: [("10.137.0.5", "db-0"), ("10.137.0.6", "db-1")], notReady: [("10.137.0.7", "db-2")])]);

        Addresses(zone, "db.shop.svc.cluster.local").ShouldBe(["10.137.0.5", "10.137.0.6"], ignoreOrder: true);
        Addresses(zone, "db-1.db.shop.svc.cluster.local").ShouldBe(["10.137.0.6"]);
        zone.Answer(DomainName.Parse("db-2.db.shop.svc.cluster.local"), RecordType.A)!.Code.ShouldBe(ReturnCode.NxDomain);
    }

    [Fact]
    public void Endpoints_that_are_not_ready_are_published_when_the_service_says_so()
    {
        var service = Service("db", "shop", "None");
        service.Spec.PublishNotReadyAddresses = true;

        var zone = Zone([service], [Endpoints("db", "shop", ready: [], notReady: [("10.137.0.7", "db-2")])]);

        Addresses(zone, "db-2.db.shop.svc.cluster.local").ShouldBe(["10.137.0.7"]);
    }

    [Fact]
    public void Endpoint_without_host_name_is_named_after_its_address()
    {
        var zone = Zone([Service("db", "shop", "None")], [Endpoints("db", "shop", ready: [("10.137.0.5", null)], notReady: [])]);

        Addresses(zone, "10-137-0-5.db.shop.svc.cluster.local").ShouldBe(["10.137.0.5"]);
    }

    [Fact]
    public void Headless_service_without_endpoints_does_not_exist() =>
        Zone([Service("db", "shop", "None")]).Answer(DomainName.Parse("db.shop.svc.cluster.local"), RecordType.A)!.Code.ShouldBe(ReturnCode.NxDomain);

    [Fact]
    public void Addresses_of_a_headless_service_come_in_changing_order()
    {
        var zone = Zone([Service("db", "shop", "None")], [Endpoints("db", "shop", ready: [("10.137.0.5", "db-0"), ("10.137.0.6", "db-1")], notReady: [])]);

        // Both orders come within a hundred tries, but for one chance in 2^99.
        Enumerable.Range(0, 100).Select(_ => Addresses(zone, "db.shop.svc.cluster.local")[0]).Distinct().Count().ShouldBe(2);
    }

    [Fact]
    public void Named_port_is_found_by_srv()
    {
        var zone = Zone(
            [Service("web", "shop", "10.137.128.7"), Service("db", "shop", "None")],
            [Endpoints("db", "shop", ready: [("10.137.0.5", "db-0"), ("10.137.0.6", "db-1")], notReady: [])]);

        var web = zone.Answer(DomainName.Parse("_http._tcp.web.shop.svc.cluster.local"), RecordType.Srv)!;
        var db = zone.Answer(DomainName.Parse("_http._tcp.db.shop.svc.cluster.local"), RecordType.Srv)!;

        var record = web.Records.ShouldHaveSingleItem().ShouldBeOfType<SrvRecord>();
        record.Port.ShouldBe((ushort)80);
        record.Target.ToString().ShouldBe("web.shop.svc.cluster.local.");
        web.Additional.ShouldHaveSingleItem().ShouldBeOfType<ARecord>().Address.ToString().ShouldBe("10.137.128.7");
        db.Records.OfType<SrvRecord>().Select(srv => srv.Target.Labels[0]).ShouldBe(["db-0", "db-1"], ignoreOrder: true);
    }

    [Fact]
    public void External_name_is_an_alias()
    {
        var service = Service("out", "shop", null);
        service.Spec.Type = "ExternalName";
        service.Spec.ExternalName = "www.example.com";

        Zone([service]).Answer(DomainName.Parse("out.shop.svc.cluster.local"), RecordType.A)!.Records
            .ShouldHaveSingleItem().ShouldBeOfType<CNameRecord>().CanonicalName.ToString().ShouldBe("www.example.com.");
    }

    [Fact]
    public void Addresses_have_names()
    {
        var zone = Zone([Service("web", "shop", "10.137.128.7"), Service("db", "shop", "None")], [Endpoints("db", "shop", ready: [("10.137.0.5", "db-0")], notReady: [])]);

        Name("7.128.137.10.in-addr.arpa").ShouldBe("web.shop.svc.cluster.local.");
        Name("5.0.137.10.in-addr.arpa").ShouldBe("db-0.db.shop.svc.cluster.local.");
        zone.Answer(DomainName.Parse("6.0.137.10.in-addr.arpa"), RecordType.Ptr)!.Code.ShouldBe(ReturnCode.NxDomain);

        string Name(string reverse) => ((PtrRecord)zone.Answer(DomainName.Parse(reverse), RecordType.Ptr)!.Records.Single()).PointerDomainName.ToString();
    }

    [Fact]
    public void Version_of_the_specification_is_served() =>
        Zone([]).Answer(DomainName.Parse("dns-version.cluster.local"), RecordType.Txt)!.Records.ShouldHaveSingleItem().ShouldBeOfType<TxtRecord>().TextData.ShouldBe("1.1.0");

    internal static ClusterZone Zone(IEnumerable<V1Service> services, IEnumerable<V1Endpoints>? endpoints = null) =>
        ClusterZone.Build(services, endpoints ?? [], IPNetwork.Parse("10.137.0.0/16"), IPAddress.Parse("10.137.128.10"), serial: 1);

    internal static V1Service Service(string name, string ns, string? clusterIP) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = ns },
        Spec = new V1ServiceSpec { ClusterIP = clusterIP, Ports = [new V1ServicePort { Name = "http", Port = 80, Protocol = "TCP" }] },
    };

    private static V1Endpoints Endpoints(string name, string ns, (string Address, string? Host)[] ready, (string Address, string? Host)[] notReady) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = ns },
        Subsets =
        [
            new V1EndpointSubset
            {
                Addresses = [.. ready.Select(value => new V1EndpointAddress { Ip = value.Address, Hostname = value.Host })],
                NotReadyAddresses = [.. notReady.Select(value => new V1EndpointAddress { Ip = value.Address, Hostname = value.Host })],
                Ports = [new Corev1EndpointPort { Name = "http", Port = 8080, Protocol = "TCP" }],
            },
        ],
    };

    private static List<string> Addresses(ClusterZone zone, string name) =>
        [.. zone.Answer(DomainName.Parse(name), RecordType.A).ShouldNotBeNull().Records.Cast<ARecord>().Select(record => record.Address.ToString())];
}
