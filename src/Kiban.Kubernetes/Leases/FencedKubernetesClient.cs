using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Leases;

/// <summary>
/// Refuses, on this side, every write of work whose leadership may be lost (<see cref="LeadershipToken.Current"/>), and breaks off those
/// under way when it is lost. A process that was stopped for longer than its lease lasts and wakes in the middle of a reconciliation thus
/// writes nothing. Reads, and calls that work under no leadership (admission, controllers of every replica), pass.
/// </summary>
public sealed class FencedKubernetesClient(IKubernetesClient inner) : IKubernetesClient
{
    /// <inheritdoc/>
    public Uri Server => inner.Server;

    /// <inheritdoc/>
    public Task<T> GetAsync<T>(string name, string? @namespace, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        inner.GetAsync<T>(name, @namespace, cancellationToken);

    /// <inheritdoc/>
    public Task<T?> FindAsync<T>(string name, string? @namespace, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        inner.FindAsync<T>(name, @namespace, cancellationToken);

    /// <inheritdoc/>
    public Task<ObjectPage<T>> ListPageAsync<T>(string? @namespace, ListOptions options, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        inner.ListPageAsync<T>(@namespace, options, cancellationToken);

    /// <inheritdoc/>
    public IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(string? @namespace, WatchOptions options, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        inner.WatchAsync<T>(@namespace, options, cancellationToken);

    /// <inheritdoc/>
    public Task<T> CreateAsync<T>(T value, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        WriteAsync(token => inner.CreateAsync(value, token, options), cancellationToken);

    /// <inheritdoc/>
    public Task<T> ReplaceAsync<T>(T value, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        WriteAsync(token => inner.ReplaceAsync(value, token, options), cancellationToken);

    /// <inheritdoc/>
    public Task<T> ApplyAsync<T>(T value, string fieldManager, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        WriteAsync(token => inner.ApplyAsync(value, fieldManager, token, options), cancellationToken);

    /// <inheritdoc/>
    public Task<T> PatchAsync<T>(
        string name, string? @namespace, ObjectPatch patch, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        WriteAsync(token => inner.PatchAsync<T>(name, @namespace, patch, token, options), cancellationToken);

    /// <inheritdoc/>
    public Task<bool> DeleteAsync<T>(string name, string? @namespace, CancellationToken cancellationToken, DeleteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        WriteAsync(token => inner.DeleteAsync<T>(name, @namespace, token, options), cancellationToken);

    /// <inheritdoc/>
    public Task<JsonNode?> SendAsync(
        HttpMethod method, string pathAndQuery, JsonNode? body, string contentType, CancellationToken cancellationToken, string? accept = null) =>
        method == HttpMethod.Get || method == HttpMethod.Head
            ? inner.SendAsync(method, pathAndQuery, body, contentType, cancellationToken, accept)
            : WriteAsync(token => inner.SendAsync(method, pathAndQuery, body, contentType, token, accept), cancellationToken);

    private static async Task<TAnswer> WriteAsync<TAnswer>(Func<CancellationToken, Task<TAnswer>> write, CancellationToken cancellationToken)
    {
        if (LeadershipToken.Current is not { } leadership)
            return await write(cancellationToken);
        leadership.ThrowIfLost();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, leadership.CancellationToken);
        return await write(either.Token);
    }
}
