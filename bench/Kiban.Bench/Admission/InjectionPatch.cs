using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Kiban.Kubernetes.Client;

namespace Kiban.Bench.Admission;

/// <summary>The patch with which Kiban answers, for a peer that shall give the API server the same to do.</summary>
internal static class InjectionPatch
{
    /// <summary>Path of Kiban's injecting webhook.</summary>
    public const string WebhookPath = "/mutate/pods/credentials";

    /// <summary>Asks Kiban's injecting webhook about a Pod that is stored uninjected, as the API server would have asked at its creation.</summary>
    /// <param name="client">The API server.</param>
    /// <param name="pod">The Pod.</param>
    /// <param name="space">A namespace that has the Secret it names.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The patch in base64.</returns>
    public static async Task<string> AskAsync(IKubernetesClient client, JsonNode pod, string space, CancellationToken cancellationToken)
    {
        var configuration = await client.SendAsync(
            HttpMethod.Get, "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/kiban-manager", null, "application/json", cancellationToken);
        var webhook = configuration!["webhooks"]!.AsArray()
            .Select(webhook => webhook!["clientConfig"]!)
            .First(webhook => new Uri((string)webhook["url"]!).AbsolutePath == WebhookPath);
        var asked = pod.DeepClone();
        asked["metadata"]!["namespace"] = space;
        var review = new JsonObject
        {
            ["apiVersion"] = "admission.k8s.io/v1",
            ["kind"] = "AdmissionReview",
            ["request"] = new JsonObject
            {
                ["uid"] = "bench",
                ["kind"] = new JsonObject { ["group"] = "", ["version"] = "v1", ["kind"] = "Pod" },
                ["resource"] = new JsonObject { ["group"] = "", ["version"] = "v1", ["resource"] = "pods" },
                ["namespace"] = space,
                ["operation"] = "CREATE",
                ["object"] = asked,
            },
        };

        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = Trust(webhook) });
        using var content = new StringContent(review.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using var response = await http.PostAsync(new Uri((string)webhook["url"]!), content, cancellationToken);
        var answer = JsonNode.Parse(await response.EnsureSuccessStatusCode().Content.ReadAsStringAsync(cancellationToken));
        return (string?)answer!["response"]!["patch"] ?? throw new InvalidOperationException($"Kiban would not inject the Pod: {answer.ToJsonString()}");
    }

    private static SslClientAuthenticationOptions Trust(JsonNode webhook)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPem(Encoding.ASCII.GetString(Convert.FromBase64String((string)webhook["caBundle"]!)));
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }
}
