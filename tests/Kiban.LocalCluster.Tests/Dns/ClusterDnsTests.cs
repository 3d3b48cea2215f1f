using ARSoft.Tools.Net;
using ARSoft.Tools.Net.Dns;
using Kiban.Testing;
using Kiban.LocalCluster.Tests.Nodes;

namespace Kiban.LocalCluster.Tests.Dns;

public class ClusterDnsTests(NodeFixture fixture)
{
    [Fact]
    public async Task Pods_of_a_stateful_set_are_found_by_their_host_names_before_they_are_ready()
    {
        var cluster = await fixture.ClusterAsync();
        var ns = await cluster.CreateNamespaceAsync();
        await cluster.ApplyAsync("""
            apiVersion: v1
            kind: Service
            metadata: { name: db }
            spec: { clusterIP: None, publishNotReadyAddresses: true, selector: { app: db }, ports: [{ name: sql, port: 5432 }] }
            ---
            apiVersion: apps/v1
            kind: StatefulSet
            metadata: { name: db }
            spec:
              serviceName: db
              replicas: 2
              podManagementPolicy: Parallel
              selector: { matchLabels: { app: db } }
              template:
                metadata: { labels: { app: db } }
                spec:
                  terminationGracePeriodSeconds: 0
                  containers:
                  - name: box
                    image: kiban.dev/test-box:dev
                    command: [/bin/busybox, sleep, "100000"]
                    readinessProbe: { exec: { command: [/bin/busybox, "false"] } }
            """, ns);
        await WaitForAnswerAsync(cluster, $"db.{ns}.svc.cluster.local", count: 2);

        var first = await AskAsync(cluster, $"db-0.db.{ns}.svc.cluster.local", RecordType.A);
        var srv = await AskAsync(cluster, $"_sql._tcp.db.{ns}.svc.cluster.local", RecordType.Srv);

        var address = await cluster.KubectlAsync("get", "pod", "db-0", "-n", ns, "-o", "jsonpath={.status.podIP}");
        first.AnswerRecords.ShouldHaveSingleItem().ShouldBeOfType<ARecord>().Address.ToString().ShouldBe(address);
        srv.AnswerRecords.Cast<SrvRecord>().Select(record => record.Target.Labels[0]).ShouldBe(["db-0", "db-1"], ignoreOrder: true);
        srv.AdditionalRecords.OfType<ARecord>().Count().ShouldBe(2);
    }

    [Fact]
    public async Task Resolver_of_a_pod_finds_short_names_and_learns_that_there_is_no_ipv6_address()
    {
        var cluster = await fixture.ClusterAsync();
        var ns = await cluster.CreateNamespaceAsync();
        await cluster.ApplyAsync(NodeTests.Sleeper("box"), ns);
        await cluster.WaitUntilReadyAsync("box", ns);
        var address = await cluster.KubectlAsync("get", "service", "kubernetes", "-n", "default", "-o", "jsonpath={.spec.clusterIP}");

        // glibc asks for both families at once and goes through the search list, as programs do.
        (await cluster.ExecAsync("box", ns, "getent ahosts kubernetes.default")).ShouldContain(address);
        (await cluster.ExecAsync("box", ns, "getent ahosts nothing.default || echo absent")).ShouldBe("absent\n");

        var name = "kubernetes.default.svc.cluster.local";
        (await AskAsync(cluster, name, RecordType.Aaaa)).ReturnCode.ShouldBe(ReturnCode.NoError);
        (await AskAsync(cluster, name, RecordType.Aaaa)).AnswerRecords.ShouldBeEmpty();
        (await AskAsync(cluster, "nothing.default.svc.cluster.local", RecordType.A)).ReturnCode.ShouldBe(ReturnCode.NxDomain);
    }

    [Fact]
    public async Task Deleted_service_loses_its_name()
    {
        var cluster = await fixture.ClusterAsync();
        var ns = await cluster.CreateNamespaceAsync();
        await cluster.KubectlAsync("create", "service", "clusterip", "brief", "--tcp=80", "-n", ns);
        await WaitForAnswerAsync(cluster, $"brief.{ns}.svc.cluster.local", count: 1);

        await cluster.KubectlAsync("delete", "service", "brief", "-n", ns);

        await NodeCluster.WaitForAsync(
            async () => (await AskAsync(cluster, $"brief.{ns}.svc.cluster.local", RecordType.A)).ReturnCode == ReturnCode.NxDomain,
            "the end of the name",
            TestContext.Current.CancellationToken);
    }

    private static Task WaitForAnswerAsync(NodeCluster cluster, string name, int count) => NodeCluster.WaitForAsync(
        async () => (await AskAsync(cluster, name, RecordType.A)).AnswerRecords.Count == count,
        $"{count} addresses of {name}",
        TestContext.Current.CancellationToken);

    // At the address that Pods have, by way of kube-proxy.
    private static async Task<DnsMessage> AskAsync(NodeCluster cluster, string name, RecordType type)
    {
        var client = new DnsClient(cluster.Node.Network.DnsAddress, 10_000);
        return (await client.ResolveAsync(DomainName.Parse(name), type, RecordClass.INet, null, TestContext.Current.CancellationToken)).ShouldNotBeNull();
    }
}
