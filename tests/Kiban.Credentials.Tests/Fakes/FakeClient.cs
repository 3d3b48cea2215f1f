using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;

namespace Kiban.Credentials.Tests.Fakes;

/// <summary>The API server as far as this part's webhooks use it: single reads. Anything else is a change of behaviour that a test should see.</summary>
internal sealed class FakeClient(IReadOnlyList<JsonObject> stored) : IKubernetesClient
{
    /// <summary>What was read, in order.</summary>
    public List<string> Reads { get; } = [];

    /// <summary>When set, every read fails with it.</summary>
    public Exception? Failure { get; set; }

    public Uri Server { get; } = new("https://fake.invalid");

    public Task<T?> FindAsync<T>(string name, string? @namespace, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var kind = ResourceKind.Of<T>().Kind;
        Reads.Add($"{kind} {@namespace}/{name}");
        if (Failure is not null)
            throw Failure;
        var found = stored.FirstOrDefault(candidate => (string?)candidate["kind"] == kind
            && (string?)candidate["metadata"]?["namespace"] == @namespace && (string?)candidate["metadata"]?["name"] == name);
        return Task.FromResult(found is null ? null : FakeCluster.Read<T>(found));
    }

    public Task<T> GetAsync<T>(string name, string? @namespace, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw Unused();

    public Task<ObjectPage<T>> ListPageAsync<T>(string? @namespace, ListOptions options, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw Unused();

    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(string? @namespace, WatchOptions options, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw Unused();

    public Task<T> CreateAsync<T>(T value, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw Unused();

    public Task<T> ReplaceAsync<T>(T value, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw Unused();

    public Task<T> ApplyAsync<T>(T value, string fieldManager, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw Unused();

    public Task<T> PatchAsync<T>(string name, string? @namespace, ObjectPatch patch, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw Unused();

    public Task<bool> DeleteAsync<T>(string name, string? @namespace, CancellationToken cancellationToken, DeleteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw Unused();

    public Task<JsonNode?> SendAsync(
        HttpMethod method, string pathAndQuery, JsonNode? body, string contentType, CancellationToken cancellationToken, string? accept = null) => throw Unused();

    private static NotSupportedException Unused() => new("This part only reads single objects.");
}
