using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Kiban.LocalCluster.Pki;
using Kiban.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Kiban.LocalCluster.Tests.Nodes;

public class WebhookByServiceTests(NodeFixture fixture)
{
    /// <summary>
    /// The API server runs on the machine, the Service is a rule inside the node: the call goes over the wire, is turned by kube-proxy, and
    /// here comes back to a server of the test's own. That Services lead to Pods as well is shown by <see cref="NodeTests"/>.
    /// </summary>
    [Fact]
    public async Task Api_server_calls_a_webhook_by_its_service()
    {
        var cluster = await fixture.ClusterAsync();
        var ns = await cluster.CreateNamespaceAsync();
        var authority = CertificateAuthority.LoadOrCreate(cluster.Directory.Combine("webhook-test"), "webhook-test", TimeProvider.System);
        var certificate = authority.Issue("hook", CertificateProfile.Server("hook", [$"hook.{ns}.svc"], []));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            new IPEndPoint(cluster.Node.Network.HostAddress, 0),
            listen => listen.UseHttps(X509Certificate2.CreateFromPemFile(certificate.CertificatePath, certificate.KeyPath))));
        await using var hook = builder.Build();
        hook.MapPost("/", async (HttpRequest request) =>
        {
            var review = (await JsonNode.ParseAsync(request.Body))!;
            return Results.Text(
                new JsonObject
                {
                    ["apiVersion"] = "admission.k8s.io/v1",
                    ["kind"] = "AdmissionReview",
                    ["response"] = new JsonObject
                    {
                        ["uid"] = (string?)review["request"]!["uid"],
                        ["allowed"] = false,
                        ["status"] = new JsonObject { ["message"] = "said the hook" },
                    },
                }.ToJsonString(),
                "application/json");
        });
        await hook.StartAsync(TestContext.Current.CancellationToken);
        await cluster.ApplyAsync($$"""
            apiVersion: v1
            kind: Service
            metadata: { name: hook }
            spec: { ports: [{ port: 443, targetPort: {{new Uri(hook.Urls.First()).Port}} }] }
            ---
            apiVersion: v1
            kind: Endpoints
            metadata: { name: hook }
            subsets: [{ addresses: [{ ip: {{cluster.Node.Network.HostAddress}} }], ports: [{ port: {{new Uri(hook.Urls.First()).Port}} }] }]
            ---
            apiVersion: admissionregistration.k8s.io/v1
            kind: ValidatingWebhookConfiguration
            metadata: { name: {{ns}} }
            webhooks:
            - name: hook.kiban.dev
              admissionReviewVersions: [v1]
              sideEffects: None
              failurePolicy: Ignore
              clientConfig:
                service: { namespace: {{ns}}, name: hook, path: / }
                caBundle: {{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(authority.CertificatePem))}}
              namespaceSelector: { matchLabels: { hooked: "{{ns}}" } }
              rules: [{ apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps] }]
            """, ns);
        await cluster.KubectlAsync("label", "namespace", ns, $"hooked={ns}");

        var refusal = "";
        await NodeCluster.WaitForAsync(
            async () =>
            {
                try
                {
                    await cluster.KubectlAsync("create", "configmap", "--dry-run=server", "any", "-n", ns);
                    return false;
                }
                catch (LocalClusterException e)
                {
                    refusal = e.Message;
                    return true;
                }
            },
            "the webhook's refusal",
            TestContext.Current.CancellationToken);
        await cluster.KubectlAsync("delete", "validatingwebhookconfiguration", ns);

        refusal.ShouldContain("said the hook");
    }
}
