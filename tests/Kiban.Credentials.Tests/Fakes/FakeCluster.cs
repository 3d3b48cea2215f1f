using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kiban.Credentials.Admission;
using Kiban.Credentials.Api;
using Kiban.Credentials.Validation;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Client;
using Kiban.Testing.Fakes;
using Microsoft.Extensions.Time.Testing;
using k8s;
using k8s.Models;

namespace Kiban.Credentials.Tests.Fakes;

/// <summary>
/// The webhooks of this part in the order in which the API server calls them, over a set of stored objects and over caches that may lag behind.
/// </summary>
internal sealed class FakeCluster
{
    private readonly List<JsonObject> _stored = [];

    public FakeCluster(CredentialsOptions? options = null, DateTimeOffset? now = null)
    {
        options ??= new CredentialsOptions();
        Client = new FakeClient(_stored);
        var rules = new SecretRules(options, new FakeTimeProvider(now ?? Golden.KeyMaterial.Now));
        var credentials = new PodCredentials(new CredentialObjects(Client, ServiceAccounts, AwsSecrets, GcpSecrets), options);
        SecretRendering = new SecretRenderingHandler(rules);
        SecretValidation = new SecretValidationHandler(rules);
        PodInjection = new PodInjectionHandler(credentials);
        PodValidation = new PodValidationHandler(credentials);
    }

    public FakeClient Client { get; }

    public FakeCache<AnnotatedServiceAccount> ServiceAccounts { get; } = new();

    public FakeCache<AwsSecret> AwsSecrets { get; } = new();

    public FakeCache<GcpSecret> GcpSecrets { get; } = new();

    public IAdmissionHandler SecretRendering { get; }

    public IAdmissionHandler SecretValidation { get; }

    public IAdmissionHandler PodInjection { get; }

    public IAdmissionHandler PodValidation { get; }

    /// <summary>Stores an object on the server, and in the caches where they follow.</summary>
    public void Store(JsonObject manifest, bool cached = true)
    {
        var stored = MergeStringData((JsonObject)manifest.DeepClone());
        stored["metadata"]!["namespace"] ??= "team-a";
        _stored.Add(stored);
        if (!cached)
            return;
        switch ((string?)stored["kind"], (string?)stored["type"])
        {
            case ("ServiceAccount", _):
                ServiceAccounts.Add(Read<AnnotatedServiceAccount>(stored));
                break;
            case (_, CredentialsApi.Aws.SecretType):
                AwsSecrets.Add(Read<AwsSecret>(stored));
                break;
            case (_, CredentialsApi.Gcp.SecretType):
                GcpSecrets.Add(Read<GcpSecret>(stored));
                break;
        }
    }

    /// <summary>Removes an object from the server; the caches keep it.</summary>
    public void Lose(string kind, string name) =>
        _stored.RemoveAll(stored => (string?)stored["kind"] == kind && (string?)stored["metadata"]?["name"] == name);

    /// <summary>Stores a typed Secret as it is after the rendering webhook.</summary>
    public async Task StoreRenderedAsync(JsonObject secret, bool cached = true)
    {
        var rendered = MergeStringData((JsonObject)secret.DeepClone());
        rendered["metadata"]!["namespace"] ??= "team-a";
        (await SecretRendering.HandleAsync(Review("secrets", rendered), CancellationToken.None)).Allowed.ShouldBeTrue();
        Store(rendered, cached);
    }

    /// <summary>Creates or updates a Secret: what the author is told, and the Secret as it would be stored.</summary>
    public async Task<Outcome> AdmitSecretAsync(JsonObject secret, JsonObject? old = null)
    {
        var review = Review("secrets", MergeStringData((JsonObject)secret.DeepClone()), old);
        return await AdmitAsync(review, SecretRendering, SecretValidation);
    }

    /// <summary>Creates a Pod: what the author is told, and the Pod as it would be stored.</summary>
    public Task<Outcome> AdmitPodAsync(JsonObject pod) => AdmitAsync(Review("pods", (JsonObject)pod.DeepClone()), PodInjection, PodValidation);

    public static AdmissionRequest Review(string resource, JsonObject value, JsonObject? old = null, string? subresource = null) => new()
    {
        Uid = "5f1c2a4e-0000-4000-8000-000000000000",
        Kind = resource == "pods" ? "Pod" : "Secret",
        Resource = resource,
        Subresource = subresource,
        Name = (string?)value["metadata"]?["name"],
        Namespace = (string?)value["metadata"]?["namespace"] ?? "team-a",
        Operation = old is null ? AdmissionOperation.Create : AdmissionOperation.Update,
        Object = value,
        OldObject = old,
    };

    /// <summary>What the API server does with stringData before admission.</summary>
    public static JsonObject MergeStringData(JsonObject manifest)
    {
        if (manifest["stringData"] is not JsonObject texts)
            return manifest;
        var data = manifest["data"] as JsonObject ?? (JsonObject)(manifest["data"] = new JsonObject());
        foreach (var (key, value) in texts)
            data[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes((string)value!));
        manifest.Remove("stringData");
        return manifest;
    }

    public static T Read<T>(JsonObject value) where T : IKubernetesObject<V1ObjectMeta> =>
        value.Deserialize<T>(KubernetesJsonOptions.Default)!;

    private static async Task<Outcome> AdmitAsync(AdmissionRequest review, IAdmissionHandler mutating, IAdmissionHandler validating)
    {
        var mutated = await mutating.HandleAsync(review, CancellationToken.None);
        if (!mutated.Allowed)
            return new Outcome(mutated.Message, mutated.Warnings, null);
        var validated = await validating.HandleAsync(review, CancellationToken.None);
        return new Outcome(validated.Allowed ? null : validated.Message, [.. mutated.Warnings, .. validated.Warnings], review.Object);
    }
}
