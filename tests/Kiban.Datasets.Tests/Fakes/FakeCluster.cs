using System.Text.Json;
using System.Text.Json.Nodes;
using Kiban.Datasets.Admission;
using Kiban.Datasets.Api;
using Kiban.Datasets.Declaring;
using Kiban.Datasets.Waiting;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Discovery;
using Kiban.Testing.Fakes;

namespace Kiban.Datasets.Tests.Fakes;

/// <summary>The webhooks of this part over a set of stored objects, and over a cache that may lag behind.</summary>
internal sealed class FakeCluster
{
    public const string Space = "team-a";

    private readonly List<JsonObject> _stored = [];

    public FakeCluster(DatasetsOptions? options = null)
    {
        Server = new FakeServer(_stored);
        var capabilities = new ServerCapabilities(Server, new DiscoveryClient(Server, TimeProvider.System), TimeProvider.System, "kiban-system");
        var objects = new DatasetObjects(Server, Claims);
        var reviewer = new ClaimReviewer(objects, capabilities);
        ClaimValidation = new ClaimValidationHandler(reviewer);
        PodWaiting = new PodWaitingHandler(new ClaimLookup(Server, objects), reviewer, capabilities, options ?? new DatasetsOptions());
    }

    public FakeServer Server { get; }

    public FakeCache<DatasetClaim> Claims { get; } = new();

    public IAdmissionHandler ClaimValidation { get; }

    public IAdmissionHandler PodWaiting { get; }

    /// <summary>
    /// Stores an object on the server, and a claim in the cache as well. <c>(its key)</c> in the annotation <c>loaded</c> stands for the key of what
    /// the claim asks for.
    /// </summary>
    public void Store(JsonObject manifest, bool cached = true)
    {
        var stored = (JsonObject)manifest.DeepClone();
        stored["metadata"]!["namespace"] ??= Space;
        if (stored["metadata"]!["annotations"]?[DatasetsApi.Records.Loaded] is { } loaded && (string?)loaded == "(its key)")
            stored["metadata"]!["annotations"]![DatasetsApi.Records.Loaded] = KeyOf(stored);
        _stored.Add(stored);
        if (cached && (string?)stored["kind"] == "PersistentVolumeClaim")
            Claims.Add(Read(stored));
    }

    /// <summary>Removes an object from the server; the cache keeps it.</summary>
    public void Lose(string name) => _stored.RemoveAll(stored => (string?)stored["metadata"]?["name"] == name);

    public ValueTask<AdmissionResponse> CreatePodAsync(JsonObject pod) => PodWaiting.HandleAsync(Review(pod), CancellationToken.None);

    public ValueTask<AdmissionResponse> WriteClaimAsync(JsonObject claim, JsonObject? old = null) =>
        ClaimValidation.HandleAsync(Review(claim, old), CancellationToken.None);

    private static AdmissionRequest Review(JsonObject value, JsonObject? old = null) => new()
    {
        Uid = "5f1c2a4e-0000-4000-8000-000000000000",
        Kind = (string)value["kind"]!,
        Resource = (string)value["kind"]! == "Pod" ? "pods" : "persistentvolumeclaims",
        Name = (string?)value["metadata"]?["name"],
        Namespace = Space,
        Operation = old is null ? AdmissionOperation.Create : AdmissionOperation.Update,
        Object = value,
        OldObject = old,
    };

    private static string KeyOf(JsonObject stored)
    {
        var claim = Read(stored);
        return LoadKey.Of(claim.Metadata.Uid, DatasetRequest.Read(claim.Metadata.Annotations, out _).ShouldNotBeNull());
    }

    private static DatasetClaim Read(JsonObject stored) => stored.Deserialize<DatasetClaim>(KubernetesJsonOptions.Default)!;
}
