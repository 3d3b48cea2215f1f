using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using k8s.Models;
using Kiban.LocalCluster.Pki;
using Kiban.LocalCluster.Processes;
using Kiban.Manager.Tests.Hosting;

namespace Kiban.Manager.Tests.Deployment;

/// <summary>
/// The manager as the ServiceAccount of <c>deploy/</c>, called by Service, does everything that it ever does; the API server's audit log
/// then says what it was refused, and what it may do without ever doing it.
/// </summary>
[Collection(nameof(DeployedObjects))]
public sealed class LeastPrivilegeTests(AuditedControlPlane cluster) : IAsyncLifetime
{
    private const string User = "system:serviceaccount:kiban-system:kiban-manager";

    private const string Secret =
        """
        apiVersion: v1
        kind: Secret
        metadata: { name: bucket }
        type: kiban.dev/aws-credentials
        stringData: { aws_access_key_id: AKIAIOSFODNN7EXAMPLE, aws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY }
        """;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private string Overlay => cluster.Version.IsAtLeast(1, 21) ? "production" : "kubernetes-1.20";

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await DatasetUse.RemoveAsync(cluster);
        await WaitingUse.RemoveAsync(cluster);
        await DeployedObjects.RemoveAsync(cluster);
    }

    [Fact]
    public async Task Manager_is_refused_nothing_and_uses_every_right_that_it_holds()
    {
        await cluster.KubectlAsync("apply", "-k", Repository.Overlay(Overlay));
        // On servers that do not keep this label another test's manager has set it already.
        if (!cluster.Version.IsAtLeast(1, 21))
            await cluster.KubectlAsync("label", "namespace", "kube-system", "kube-public", "kube-node-lease", "kubernetes.io/metadata.name-");
        var kubeconfig = await WriteKubeconfigAsync();
        var ports = FreePorts.Choose(2);
        await DatasetUse.InstallAsync(cluster);
        await WaitingUse.InstallAsync(cluster);
        await using var first = ManagerProcess.Start(kubeconfig, ["Manager:Name=first", "Datasets:Cache:MaxSnapshotsPerNamespace=1"], byService: true, webhookPort: ports[0]);
        await first.WaitUntilReadyAsync();
        await PointServiceToAsync(ports[0]);
        await RegisteredAsync();

        await UseCredentialsAsync();
        await DatasetUse.RunAsync(cluster, (verb, resource) =>
            AccessRule.RequestsOf(User, cluster.ControlPlane.AuditLogPath).Any(request => request.Request.Verb == verb && request.Request.Resource == resource));
        await WaitingUse.RunAsync(cluster);
        await RotateCertificateAsync();
        await cluster.KubectlAsync("patch", "mutatingwebhookconfiguration", "kiban-manager", "--type=merge", "-p", """{"webhooks":null}""");
        await RegisteredAsync();
        await using var second = ManagerProcess.Start(kubeconfig, ["Manager:Name=second"], byService: true, webhookPort: ports[1]);
        await second.WaitUntilReadyAsync();
        await first.SendTerminateAsync();
        await Eventually.BecomesTrueAsync("the second replica leads", async () =>
            (await cluster.Client.GetAsync<V1Lease>("kiban-manager", "kiban-system", Cancelled)).Spec.HolderIdentity?.StartsWith("second_", StringComparison.Ordinal) == true);

        // A watch is written down when it ends.
        (await first.WaitForExitAsync()).ExitCode.ShouldBe(ExitCodes.Success);
        await Eventually.BecomesTrueAsync("a watch is in the audit log", () => Task.FromResult(
            AccessRule.RequestsOf(User, cluster.ControlPlane.AuditLogPath).Any(request => request.Request is { Verb: "watch", Resource: "validatingwebhookconfigurations" })));
        var requests = AccessRule.RequestsOf(User, cluster.ControlPlane.AuditLogPath);
        var manifests = await Manifests.RenderAsync(KubectlPrograms.Current, Overlay, Cancelled);
        requests.Where(request => request.IsForbidden).Select(request => request.Request).Distinct().ShouldBeEmpty();
        // Where the server brings the first state through the watch (WatchList, on by default in 1.32 and again since 1.34), list is only the way
        // back when it refuses that; which server does is not known here.
        var held = AccessRule.HeldBy(manifests).Where(right => right.Verb != "list" || !cluster.Version.IsAtLeast(1, 32)).ToList();
        held.Count.ShouldBeGreaterThan(10);
        // What a dry run of server-side apply would make is authorised as a creation, but written down as a patch.
        held.Remove(new AccessRule("", "pods", "create", null)).ShouldBeTrue();
        held.Where(right => !requests.Any(request => request.Code is >= 200 and < 300 or 404 && right.IsUsedBy(request.Request))).ShouldBeEmpty();
    }

    /// <summary>Secrets and Pods as users make them, and reads that no cache could answer.</summary>
    private async Task UseCredentialsAsync()
    {
        var users = await cluster.CreateNamespaceAsync("users");
        await cluster.ApplyAsync(Secret, users, Cancelled);
        (await cluster.Client.GetAsync<V1Secret>("bucket", users, Cancelled)).Data.Keys.ShouldContain("credentials");
        (await CreatePodAsync(users, "by-pod", "default", "bucket")).Spec.Volumes.ShouldContain(volume => volume.Name == "kiban-aws-credentials");
        var refusal = await cluster.RunKubectlAsync(["apply", "-n", users, "-f", "-"], Pod("missing", "default", "no-such-secret"), Cancelled);
        refusal.Error.ShouldContain("no-such-secret");

        // The watch usually brings a new ServiceAccount before the Pod comes; sooner or later one is quicker.
        var tries = 0;
        await Eventually.BecomesTrueAsync("a ServiceAccount was read live", async () =>
        {
            var name = $"account-{tries++}";
            await cluster.Client.CreateAsync(
                new V1ServiceAccount
                {
                    Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = users, Annotations = new Dictionary<string, string> { ["credentials.kiban.dev/aws"] = "bucket" } },
                },
                Cancelled);
            var pod = await cluster.Client.CreateAsync(
                new V1Pod
                {
                    Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = users },
                    Spec = new V1PodSpec
                    {
                        ServiceAccountName = name, AutomountServiceAccountToken = false, Containers = [new V1Container { Name = "main", Image = "example.com/main" }],
                    },
                },
                Cancelled);
            pod.Spec.Volumes.ShouldContain(volume => volume.Name == "kiban-aws-credentials");
            return AccessRule.RequestsOf(User, cluster.ControlPlane.AuditLogPath).Any(request => request.Request is { Resource: "serviceaccounts", Verb: "get" });
        });
        await cluster.KubectlAsync("delete", "namespace", users, "--wait=false");
    }

    private async Task RotateCertificateAsync()
    {
        var before = await CertificateAsync();
        await cluster.KubectlAsync("annotate", "secret", "kiban-manager-tls", "-n", "kiban-system", "kiban.dev/rotate=serving");
        await Eventually.BecomesTrueAsync("the serving certificate is another", async () => !(await CertificateAsync()).SequenceEqual(before));

        async Task<byte[]> CertificateAsync() => (await cluster.Client.GetAsync<V1Secret>("kiban-manager-tls", "kiban-system", Cancelled)).Data["tls.crt"];
    }

    private Task RegisteredAsync() => Eventually.BecomesTrueAsync("the webhooks are registered", async () =>
    {
        var names = await cluster.KubectlAsync("get", "mutatingwebhookconfigurations/kiban-manager", "validatingwebhookconfigurations/kiban-manager", "-o", "jsonpath={range .items[*]}{.webhooks[0].name}|{end}");
        return names.Split('|', StringSplitOptions.RemoveEmptyEntries).Length == 2;
    });

    private async Task<V1Pod> CreatePodAsync(string @namespace, string name, string serviceAccount, string secret)
    {
        await cluster.ApplyAsync(Pod(name, serviceAccount, secret), @namespace, Cancelled);
        return await cluster.Client.GetAsync<V1Pod>(name, @namespace, Cancelled);
    }

    /// <summary>Nobody runs the Deployment's Pods here, so the Service is given its address by hand.</summary>
    private async Task PointServiceToAsync(int port)
    {
        await cluster.KubectlAsync("patch", "service", "kiban-manager", "-n", "kiban-system", "--type=merge", "-p", """{"spec":{"selector":null}}""");
        var endpoints =
            $$"""
            apiVersion: v1
            kind: Endpoints
            metadata: { name: kiban-manager, namespace: kiban-system }
            subsets: [{ addresses: [{ ip: {{OwnAddress()}} }], ports: [{ name: webhooks, port: {{port}}, protocol: TCP }] }]
            """;
        await cluster.ApplyAsync(endpoints, "kiban-system", Cancelled);
    }

    /// <summary>A token of the ServiceAccount, and nothing else, in a kubeconfig.</summary>
    private async Task<string> WriteKubeconfigAsync()
    {
        var token = await cluster.Client.SendAsync(
            HttpMethod.Post, "/api/v1/namespaces/kiban-system/serviceaccounts/kiban-manager/token",
            new JsonObject { ["apiVersion"] = "authentication.k8s.io/v1", ["kind"] = "TokenRequest", ["spec"] = new JsonObject { ["expirationSeconds"] = 3600 } },
            "application/json", Cancelled);
        var path = Path.Combine(cluster.ControlPlane.Directory.Path, "manager.kubeconfig");
        var authority = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(cluster.ControlPlane.Pki.Authority.CertificatePem));
        await File.WriteAllTextAsync(
            path,
            $$"""
            apiVersion: v1
            kind: Config
            clusters: [{ name: test, cluster: { server: "{{cluster.Server}}", certificate-authority-data: {{authority}} } }]
            users: [{ name: manager, user: { token: "{{(string?)token!["status"]!["token"]}}" } }]
            contexts: [{ name: test, context: { cluster: test, user: manager } }]
            current-context: test
            """,
            Cancelled);
        return path;
    }

    /// <summary>Endpoints may not be loopback addresses, so any other one of this machine.</summary>
    private static string OwnAddress()
    {
        var address = NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .Select(unicast => unicast.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork && !address.ToString().StartsWith("169.254.", StringComparison.Ordinal));
        Assert.SkipUnless(address is not null, "This machine has no address but loopback, and Endpoints may not be that.");
        return address.ToString();
    }

    private static string Pod(string name, string serviceAccount, string secret) =>
        $$"""
        apiVersion: v1
        kind: Pod
        metadata: { name: {{name}}, annotations: { credentials.kiban.dev/aws: {{secret}} } }
        spec: { serviceAccountName: {{serviceAccount}}, automountServiceAccountToken: false, containers: [{ name: main, image: example.com/main }] }
        """;
}
