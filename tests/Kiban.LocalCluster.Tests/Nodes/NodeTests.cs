using Kiban.Testing;

namespace Kiban.LocalCluster.Tests.Nodes;

public class NodeTests(NodeFixture fixture)
{
    [Fact]
    public async Task Pod_runs_to_its_end_and_its_output_is_read()
    {
        var cluster = await fixture.ClusterAsync();
        var ns = await cluster.CreateNamespaceAsync();

        await cluster.ApplyAsync("""
            apiVersion: v1
            kind: Pod
            metadata: { name: once }
            spec:
              restartPolicy: Never
              containers:
              - name: once
                image: kiban.dev/test-box:dev
                command: [/bin/busybox, sh, -c, "echo I am $(busybox id -u)"]
            """, ns);

        (await cluster.WaitForOutputAsync("once", ns)).ShouldBe("I am 65532\n");
    }

    [Fact]
    public async Task Command_is_run_in_a_pod_over_a_verified_connection_to_the_kubelet()
    {
        var cluster = await fixture.ClusterAsync();
        var ns = await cluster.CreateNamespaceAsync();
        await cluster.ApplyAsync(Sleeper("box"), ns);
        await cluster.WaitUntilReadyAsync("box", ns);

        // The API server is told the authority, so it refuses any other kubelet.
        (await cluster.ExecAsync("box", ns, "busybox cat /etc/hostname")).ShouldBe("box\n");
    }

    [Fact]
    public async Task Service_is_reached_by_name_from_pods_and_by_address_from_the_machine()
    {
        var cluster = await fixture.ClusterAsync();
        var ns = await cluster.CreateNamespaceAsync();
        await cluster.ApplyAsync(WebServer + "\n---\n" + Sleeper("box"), ns);
        await cluster.WaitUntilReadyAsync("web", ns);
        await cluster.WaitUntilReadyAsync("box", ns);
        var address = await cluster.KubectlAsync("get", "service", "web", "-n", ns, "-o", "jsonpath={.spec.clusterIP}");

        await NodeCluster.WaitForAsync(
            async () => await cluster.FetchAsync("box", ns, "web") == "hello",
            "Service web inside the cluster",
            TestContext.Current.CancellationToken);
        (await cluster.FetchAsync("box", ns, $"web.{ns}.svc.cluster.local")).ShouldBe("hello");

        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        (await http.GetStringAsync(new Uri($"http://{address}/"), TestContext.Current.CancellationToken)).ShouldBe("hello");
    }

    [Fact]
    public async Task Pod_reaches_itself_by_its_own_service()
    {
        var cluster = await fixture.ClusterAsync();
        var ns = await cluster.CreateNamespaceAsync();
        await cluster.ApplyAsync(WebServer, ns);
        await cluster.WaitUntilReadyAsync("web", ns);

        await NodeCluster.WaitForAsync(
            async () => await cluster.FetchAsync("web", ns, $"web.{ns}.svc.cluster.local") == "hello",
            "the Pod's own Service",
            TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Pod_reaches_the_api_server_by_its_service()
    {
        var cluster = await fixture.ClusterAsync();
        var ns = await cluster.CreateNamespaceAsync();
        await cluster.ApplyAsync(Sleeper("box"), ns);
        await cluster.WaitUntilReadyAsync("box", ns);

        // Without a TLS client in the image: the port answers, which takes the Service, the wire and the API server's address.
        (await cluster.ExecAsync("box", ns, "echo | busybox nc -w 5 kubernetes.default 443 && echo open")).ShouldEndWith("open\n");
    }

    [Theory]
    [InlineData("yes", "create", "persistentvolumes")]
    [InlineData("no", "get", "secrets")]
    [InlineData("no", "create", "pods")]
    [InlineData("no", "delete", "persistentvolumeclaims")]
    [InlineData("no", "create", "clusterrolebindings")]
    public async Task Agent_may_do_its_work_and_nothing_else(string answer, string verb, string resource)
    {
        var cluster = await fixture.ClusterAsync();
        var review = $$"""
            apiVersion: authorization.k8s.io/v1
            kind: SubjectAccessReview
            spec:
              user: kiban:local-agent
              resourceAttributes: { verb: {{verb}}, resource: {{resource}}, group: "{{(resource == "clusterrolebindings" ? "rbac.authorization.k8s.io" : "")}}" }
            """;

        (await cluster.KubectlAsync(["create", "-f", "-", "-o", "jsonpath={.status.allowed}"], review, TestContext.Current.CancellationToken)).ShouldBe(answer == "yes" ? "true" : "false");
        File.Exists(LocalCluster.ControlPlanes.ControlPlaneLayout.KubeconfigPathOf(cluster.Directory, "kiban-agent")).ShouldBeTrue();
    }

    [Fact]
    public async Task Node_leaves_the_machines_kernel_settings_as_they_are()
    {
        var cluster = await fixture.ClusterAsync();
        var inside = $"/proc/{Init(cluster)}/root";

        // The kubelet found what it insists on, in files of its own.
        File.ReadAllText($"{inside}/proc/sys/vm/overcommit_memory").Trim().ShouldBe("1");
        File.ReadAllText($"{inside}/proc/sys/kernel/panic").Trim().ShouldBe("10");
        File.ReadAllText("/proc/self/mountinfo").ShouldNotContain("overcommit_memory");
        Directory.Exists($"{inside}/var/lib/kubelet/pods").ShouldBeTrue();
        Directory.Exists(Path.Combine(cluster.Node.Var, "lib", "kubelet", "pods")).ShouldBeTrue();
    }

    internal const string WebServer = """
        apiVersion: v1
        kind: Pod
        metadata: { name: web, labels: { app: web } }
        spec:
          terminationGracePeriodSeconds: 0
          containers:
          - name: web
            image: kiban.dev/test-box:dev
            command: [/bin/busybox, sh, -c, "printf hello >/www/index.html; exec busybox httpd -f -p 8080 -h /www"]
            readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 }
            volumeMounts: [{ name: www, mountPath: /www }]
          volumes: [{ name: www, emptyDir: {} }]
        ---
        apiVersion: v1
        kind: Service
        metadata: { name: web }
        spec: { selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
        """;

    internal static string Init(NodeCluster cluster) => cluster.Cluster.Node.ContainerdSocket!.Split('/')[2];

    internal static string Sleeper(string name) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: { name: {{name}} }
        spec:
          terminationGracePeriodSeconds: 0
          containers: [{ name: box, image: "kiban.dev/test-box:dev", command: [/bin/busybox, sleep, "100000"] }]
        """;
}
