using System.Net;
using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using Kiban.LocalCluster.Dns;

namespace Kiban.LocalCluster.Tests.Dns;

/// <summary>Questions that leave the cluster, answered by a name server of the test's own in place of the machine's.</summary>
public sealed class ClusterDnsServerTests : IDisposable
{
    private static readonly IPAddress Upstream = IPAddress.Parse("127.89.1.53");

    private readonly string _resolvConf = Path.GetTempFileName();
    private readonly DnsServer? _upstream;

    public ClusterDnsServerTests()
    {
        File.WriteAllText(_resolvConf, $"# comment\nsearch example.com\nnameserver {Upstream}\n");
        if (Environment.IsPrivilegedProcess)
        {
            _upstream = new DnsServer(new UdpServerTransport(Upstream, 2000));
            _upstream.QueryReceived += (_, arguments) =>
            {
                var query = (DnsMessage)arguments.Query;
                var response = query.CreateResponseInstance();
                if (query.Questions[0].Name.Equals(DomainName.Parse("www.example.com")))
                {
                    response.AnswerRecords.Add(new ARecord(query.Questions[0].Name, 300, IPAddress.Parse("192.0.2.80")));
                }
                else
                {
                    response.ReturnCode = ReturnCode.NxDomain;
                }

                arguments.Response = response;
                return Task.CompletedTask;
            };
            _upstream.Start();
        }
    }

    public void Dispose()
    {
        _upstream?.Stop();
        File.Delete(_resolvConf);
    }

    [Fact]
    public async Task Name_outside_is_asked_of_the_machines_resolver_and_its_answer_passed_on()
    {
        var found = await AskAsync("www.example.com");
        var missing = await AskAsync("nothing.example.com");

        found.AnswerRecords.ShouldHaveSingleItem().ShouldBeOfType<ARecord>().Address.ToString().ShouldBe("192.0.2.80");
        missing.ReturnCode.ShouldBe(ReturnCode.NxDomain);
    }

    [Fact]
    public async Task Alias_to_a_name_outside_comes_with_the_targets_addresses()
    {
        var service = ClusterZoneTests.Service("out", "shop", null);
        service.Spec.Type = "ExternalName";
        service.Spec.ExternalName = "www.example.com";

        var answer = await AskAsync("out.shop.svc.cluster.local", service);

        answer.AnswerRecords.Count.ShouldBe(2);
        answer.AnswerRecords[0].ShouldBeOfType<CNameRecord>();
        answer.AnswerRecords[1].ShouldBeOfType<ARecord>().Address.ToString().ShouldBe("192.0.2.80");
    }

    [Fact]
    public async Task Machine_without_name_server_is_a_failure_not_a_denial()
    {
        File.WriteAllText(_resolvConf, "");

        (await AskAsync("www.example.com")).ReturnCode.ShouldBe(ReturnCode.ServerFailure);
    }

    private async Task<DnsMessage> AskAsync(string name, params k8s.Models.V1Service[] services)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "a name server listens on port 53, which takes root");
        using var server = new ClusterDnsServer(new IPEndPoint(IPAddress.Loopback, 0), ClusterZoneTests.Zone(services), new HostResolver(_resolvConf));
        var query = new DnsMessage { IsRecursionDesired = true };
        query.Questions.Add(new DnsQuestion(DomainName.Parse(name), RecordType.A, RecordClass.INet));
        return await server.AnswerAsync(query, TestContext.Current.CancellationToken);
    }
}
