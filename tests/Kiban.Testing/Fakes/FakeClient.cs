using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;

namespace Kiban.Testing.Fakes;

/// <summary>The API server as far as webhooks use it: single reads. Anything else is a change of behaviour that a test should see.</summary>
/// <param name="stored">What it holds.</param>
public class FakeClient(IReadOnlyList<JsonObject> stored) : IKubernetesClient
{
    /// <summary>What was read, in order.</summary>
    public List<string> Reads { get; } = [];

    /// <summary>When set, every read fails with it.</summary>
    public Exception? Failure { get; set; }

    /// <inheritdoc/>
    public Uri Server { get; } = new("https://fake.invalid");

    /// <inheritdoc/>
    public Task<T?> FindAsync<T>(string name, string? @namespace, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var kind = ResourceKind.Of<T>().Kind;
        Reads.Add($"{kind} {@namespace}/{name}");
        if (Failure is not null)
            throw Failure;
        var found = stored.FirstOrDefault(candidate => (string?)candidate["kind"] == kind
            && (string?)candidate["metadata"]?["namespace"] == @namespace && (string?)candidate["metadata"]?["name"] == name);
        return Task.FromResult(found is null ? null : found.Deserialize<T>(KubernetesJsonOptions.Default));
    }

    /// <inheritdoc/>
    public Task<T> GetAsync<T>(string name, string? @namespace, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw Unused();

    /// <inheritdoc/>
    public Task<ObjectPage<T>> ListPageAsync<T>(string? @namespace, ListOptions options, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw Unused();

    /// <inheritdoc/>
    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(string? @namespace, WatchOptions options, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw Unused();

    /// <inheritdoc/>
    public Task<T> CreateAsync<T>(T value, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw Unused();

    /// <inheritdoc/>
    public Task<T> ReplaceAsync<T>(T value, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw Unused();

    /// <inheritdoc/>
    public Task<T> ApplyAsync<T>(T value, string fieldManager, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw Unused();

    /// <inheritdoc/>
    public Task<T> PatchAsync<T>(string name, string? @namespace, ObjectPatch patch, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw Unused();

    /// <inheritdoc/>
    public Task<bool> DeleteAsync<T>(string name, string? @namespace, CancellationToken cancellationToken, DeleteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> => throw Unused();

    /// <inheritdoc/>
    public virtual Task<JsonNode?> SendAsync(
        HttpMethod method, string pathAndQuery, JsonNode? body, string contentType, CancellationToken cancellationToken, string? accept = null) => throw Unused();

    private static NotSupportedException Unused() => new("Only single objects are read.");
}
