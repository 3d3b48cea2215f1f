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
/// The peer: a webhook on the same web server that reads a review and allows it, in a process of its own as the manager is. It is
/// registered for exactly the calls that Kiban's webhooks get for Pods, in other namespaces.
/// </summary>
internal sealed class DoNothingWebhook : IAsyncDisposable
{
    /// <summary>First argument with which this program is that webhook.</summary>
    public const string Command = "do-nothing-webhook";

    /// <summary>Label of the namespaces whose Pods it is asked about.</summary>
    public const string NamespaceLabel = "bench.kiban.dev/do-nothing";

    private const string ConfigurationName = "bench-do-nothing";

    private readonly ChildProcess _process;
    private readonly Uri _address;
    private readonly Uri _calls;

    private DoNothingWebhook(ChildProcess process, Uri address, Uri calls) => (_process, _address, _calls) = (process, address, calls);

    /// <inheritdoc cref="ChildProcess.ProcessorTime"/>
    public TimeSpan ProcessorTime => _process.ProcessorTime;

    /// <summary>The other process's program: serves until it is killed.</summary>
    public static async Task<int> ServeAsync(int port, int httpPort, string certificateFile)
    {
        var certificate = X509CertificateLoader.LoadPkcs12FromFile(certificateFile, password: null);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, port, listen => listen.UseHttps(certificate));
            kestrel.Listen(IPAddress.Loopback, httpPort);
        });
        var app = builder.Build();
        var calls = 0;
        app.MapGet("/calls", () => calls.ToString(System.Globalization.CultureInfo.InvariantCulture));
        app.MapPost("/", async (HttpContext context) =>
        {
            Interlocked.Increment(ref calls);
            using var review = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var uid = review.RootElement.GetProperty("request").GetProperty("uid").GetString();
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(
                $$$"""{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{"uid":"{{{uid}}}","allowed":true}}""", context.RequestAborted);
        });
        await app.RunAsync();
        return 0;
    }

    /// <summary>Starts it and registers it beside the manager, whose registration it copies.</summary>
    public static async Task<DoNothingWebhook> StartAsync(IKubernetesClient client, string folder, CancellationToken cancellationToken)
    {
        var ports = FreePorts.Choose(2);
        using var certificate = SelfSigned();
        var file = Path.Combine(folder, "do-nothing.p12");
        await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pkcs12), cancellationToken);
        var process = ChildProcess.Start(
            Environment.ProcessPath!, [.. HostArguments, Command, $"{ports[0]}", $"{ports[1]}", file], Path.Combine(folder, "do-nothing.log"));
        var webhook = new DoNothingWebhook(process, new Uri($"https://127.0.0.1:{ports[0]}/"), new Uri($"http://127.0.0.1:{ports[1]}/calls"));
        await process.WaitUntilAnsweringAsync(webhook._calls, cancellationToken);
        foreach (var plural in new[] { "mutatingwebhookconfigurations", "validatingwebhookconfigurations" })
            await webhook.RegisterAsync(client, plural, certificate.ExportCertificatePem(), cancellationToken);
        return webhook;
    }

    /// <summary>How many reviews it has answered.</summary>
    public async Task<int> CountCallsAsync(CancellationToken cancellationToken)
    {
        using var http = new HttpClient();
        return int.Parse(await http.GetStringAsync(_calls, cancellationToken), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>Where this program was started as <c>dotnet Kiban.Bench.dll</c>, the other process is too.</summary>
    private static IEnumerable<string> HostArguments =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(DoNothingWebhook).Assembly.Location] : [];

    private async Task RegisterAsync(IKubernetesClient client, string plural, string certificate, CancellationToken cancellationToken)
    {
        var path = $"/apis/admissionregistration.k8s.io/v1/{plural}";
        var kiban = await client.SendAsync(HttpMethod.Get, $"{path}/kiban-manager", null, "application/json", cancellationToken);
        var webhooks = kiban!["webhooks"]!.AsArray()
            .Where(webhook => webhook!["rules"]!.AsArray().Any(rule => rule!["resources"]!.AsArray().Any(resource => (string?)resource == "pods")))
            .Select(webhook => (JsonNode)Mirror(webhook!.AsObject(), certificate));
        var configuration = new JsonObject
        {
            ["apiVersion"] = kiban["apiVersion"]!.DeepClone(),
            ["kind"] = kiban["kind"]!.DeepClone(),
            ["metadata"] = new JsonObject { ["name"] = ConfigurationName },
            ["webhooks"] = new JsonArray([.. webhooks]),
        };
        await client.SendAsync(HttpMethod.Post, path, configuration, "application/json", cancellationToken);
    }

    private JsonObject Mirror(JsonObject webhook, string certificate)
    {
        var mirror = webhook.DeepClone().AsObject();
        mirror["clientConfig"] = new JsonObject
        {
            ["url"] = _address.AbsoluteUri,
            ["caBundle"] = Convert.ToBase64String(System.Text.Encoding.ASCII.GetBytes(certificate)),
        };
        var namespaces = mirror["namespaceSelector"]!["matchExpressions"]!.AsArray();
        foreach (var optOut in namespaces.Where(requirement => (string?)requirement!["key"] == AdmissionOptions.OptOutLabel).ToList())
            namespaces.Remove(optOut);
        namespaces.Add(new JsonObject { ["key"] = NamespaceLabel, ["operator"] = "Exists" });
        return mirror;
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=bench-do-nothing", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }
}
