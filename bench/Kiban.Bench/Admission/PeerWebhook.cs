using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kiban.Bench.Processes;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Client;
using Kiban.LocalCluster.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kiban.Bench.Admission;

/// <summary>
/// A webhook to compare Kiban's with: on the same web server and in a process of its own, as the manager is. It reads a review and allows
/// it, and answers the mutating calls with a patch that is always the same, if it is given one, as a minimal injector would. It is
/// registered for exactly the calls that Kiban's webhooks get for Pods, in other namespaces.
/// </summary>
internal sealed class PeerWebhook : IAsyncDisposable
{
    /// <summary>First argument with which this program is that webhook.</summary>
    public const string Command = "peer-webhook";

    private const string MutatingPath = "mutate";
    private const string ValidatingPath = "validate";

    private readonly ChildProcess _process;
    private readonly string _name;
    private readonly Uri _address;
    private readonly Uri _calls;

    private PeerWebhook(ChildProcess process, string name, Uri address, Uri calls) => (_process, _name, _address, _calls) = (process, name, address, calls);

    /// <inheritdoc cref="ChildProcess.ProcessorTime"/>
    public TimeSpan ProcessorTime => _process.ProcessorTime;

    /// <summary>Label of the namespaces whose Pods the webhook of that name is asked about.</summary>
    public static string LabelOf(string name) => $"bench.kiban.dev/{name}";

    /// <summary>The other process's program: serves until it is killed.</summary>
    /// <param name="arguments">Port of the webhooks, port of the count of calls, file of the certificate, and the patch in base64, if any.</param>
    public static async Task<int> ServeAsync(IReadOnlyList<string> arguments)
    {
        var certificate = X509CertificateLoader.LoadPkcs12FromFile(arguments[2], password: null);
        var patch = arguments.Count > 3 ? $",\"patchType\":\"JSONPatch\",\"patch\":\"{arguments[3]}\"" : "";
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, PortOf(arguments[0]), listen => listen.UseHttps(certificate));
            kestrel.Listen(IPAddress.Loopback, PortOf(arguments[1]));
        });
        var app = builder.Build();
        var calls = 0;
        app.MapGet("/calls", () => calls.ToString(CultureInfo.InvariantCulture));
        app.MapPost($"/{MutatingPath}", (HttpContext context) => AnswerAsync(context, patch));
        app.MapPost($"/{ValidatingPath}", (HttpContext context) => AnswerAsync(context, ""));
        await app.RunAsync();
        return 0;

        async Task AnswerAsync(HttpContext context, string change)
        {
            Interlocked.Increment(ref calls);
            using var review = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var uid = review.RootElement.GetProperty("request").GetProperty("uid").GetString();
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(
                $$$"""{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"{{{uid}}}","allowed":true{{{change}}}}}""", context.RequestAborted);
        }

        static int PortOf(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }

    /// <summary>Starts it and registers it beside the manager, whose registration it copies.</summary>
    /// <param name="name">Its name, which also makes the label of its namespaces.</param>
    /// <param name="patch">What it answers to mutating calls, in base64; null: nothing.</param>
    /// <param name="client">The API server.</param>
    /// <param name="folder">Where its files go.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public static async Task<PeerWebhook> StartAsync(string name, string? patch, IKubernetesClient client, string folder, CancellationToken cancellationToken)
    {
        var ports = FreePorts.Choose(2);
        using var certificate = SelfSigned();
        var file = Path.Combine(folder, $"{name}.p12");
        await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pkcs12), cancellationToken);
        var process = ChildProcess.Start(
            ThisProgram.Path,
            ThisProgram.Arguments([Command, $"{ports[0]}", $"{ports[1]}", file, .. patch is null ? Array.Empty<string>() : [patch]]),
            Path.Combine(folder, $"{name}.log"));
        var webhook = new PeerWebhook(process, name, new Uri($"https://127.0.0.1:{ports[0]}/"), new Uri($"http://127.0.0.1:{ports[1]}/calls"));
        await process.WaitUntilAnsweringAsync(webhook._calls, cancellationToken);
        await webhook.RegisterAsync(client, "mutatingwebhookconfigurations", MutatingPath, certificate.ExportCertificatePem(), cancellationToken);
        await webhook.RegisterAsync(client, "validatingwebhookconfigurations", ValidatingPath, certificate.ExportCertificatePem(), cancellationToken);
        return webhook;
    }

    /// <summary>How many reviews it has answered.</summary>
    public async Task<int> CountCallsAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        return int.Parse(await http.GetStringAsync(_calls, cancellationToken), CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private async Task RegisterAsync(IKubernetesClient client, string plural, string path, string certificate, CancellationToken cancellationToken)
    {
        var collection = $"/apis/admissionregistration.k8s.io/v1/{plural}";
        var kiban = await client.SendAsync(HttpMethod.Get, $"{collection}/kiban-manager", null, "application/json", cancellationToken);
        var webhooks = kiban!["webhooks"]!.AsArray()
            .Where(webhook => webhook!["rules"]!.AsArray().Any(rule => rule!["resources"]!.AsArray().Any(resource => (string?)resource == "pods")))
            .Select(webhook => (JsonNode)Mirror(webhook!.AsObject(), path, certificate));
        var configuration = new JsonObject
        {
            ["apiVersion"] = kiban["apiVersion"]!.DeepClone(),
            ["kind"] = kiban["kind"]!.DeepClone(),
            ["metadata"] = new JsonObject { ["name"] = $"bench-{_name}" },
            ["webhooks"] = new JsonArray([.. webhooks]),
        };
        await client.SendAsync(HttpMethod.Post, collection, configuration, "application/json", cancellationToken);
    }

    private JsonObject Mirror(JsonObject webhook, string path, string certificate)
    {
        var mirror = webhook.DeepClone().AsObject();
        // Kiban may have other webhooks for Pods, which change nothing in those of this benchmark.
        var isInjector = new Uri((string)webhook["clientConfig"]!["url"]!).AbsolutePath == InjectionPatch.WebhookPath;
        mirror["clientConfig"] = new JsonObject
        {
            ["url"] = new Uri(_address, isInjector ? path : ValidatingPath).AbsoluteUri,
            ["caBundle"] = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(certificate)),
        };
        var namespaces = mirror["namespaceSelector"]!["matchExpressions"]!.AsArray();
        foreach (var optOut in namespaces.Where(requirement => (string?)requirement!["key"] == AdmissionOptions.OptOutLabel).ToList())
            namespaces.Remove(optOut);
        namespaces.Add(new JsonObject { ["key"] = LabelOf(_name), ["operator"] = "Exists" });
        return mirror;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=bench-peer", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }
}
