using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Kiban.Kubernetes.Client;

/// <summary>
/// The verbs of the Kubernetes API over typed objects. <typeparamref>T</typeparamref> is a model of the official client or a
/// smaller type of our own with a <see cref="KubernetesEntityAttribute"/>: what a type does not declare is not kept, so objects
/// are written with <see cref="ApplyAsync{T}"/> or a patch, and <see cref="ReplaceAsync{T}"/> only where the whole object is ours.
/// A namespace of null means a cluster-scoped object or, for list and watch, all namespaces.
/// Every failure that the API server reports is a <see cref="KubernetesException"/>; where there was no answer it is an
/// <see cref="HttpRequestException"/>, where one broke off an <see cref="IOException"/>, where none came in time a <see cref="TimeoutException"/>.
/// </summary>
public interface IKubernetesClient
{
    /// <summary>Address of the API server.</summary>
    Uri Server { get; }

    /// <summary>Reads one object.</summary>
    /// <exception cref="KubernetesException">Not found (404), forbidden, …</exception>
    Task<T> GetAsync<T>(string name, string? @namespace, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Reads one object, or null where the server answers 404.</summary>
    Task<T?> FindAsync<T>(string name, string? @namespace, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Reads one page of a collection; follow <see cref="ObjectPage{T}.Continue"/> for the next.</summary>
    Task<ObjectPage<T>> ListPageAsync<T>(string? @namespace, ListOptions options, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>
    /// Watches a collection. The stream ends when the server ends it; an event of type ERROR is thrown as
    /// <see cref="KubernetesException"/> (410 Gone: the version is compacted, list anew).
    /// </summary>
    IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(string? @namespace, WatchOptions options, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Creates an object in the namespace of its metadata.</summary>
    Task<T> CreateAsync<T>(T value, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Replaces an object whole; its <c>resourceVersion</c>, where set, must still be the stored one (409 otherwise).</summary>
    Task<T> ReplaceAsync<T>(T value, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>
    /// Server-side apply (<see href="https://kubernetes.io/docs/reference/using-api/server-side-apply/"/>) of exactly the fields set on
    /// <paramref name="value"/>, by <paramref name="fieldManager"/>, which takes over fields that others own when <see cref="WriteOptions.Force"/> says so (the default).
    /// </summary>
    Task<T> ApplyAsync<T>(T value, string fieldManager, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Patches an object (merge, JSON or strategic merge patch) and returns the stored result.</summary>
    Task<T> PatchAsync<T>(string name, string? @namespace, ObjectPatch patch, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>Deletes an object; true when it existed.</summary>
    Task<bool> DeleteAsync<T>(string name, string? @namespace, CancellationToken cancellationToken, DeleteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta>;

    /// <summary>
    /// Sends JSON (or nothing) to any path of the server and returns the JSON answer: for objects whose kind is known only at run time
    /// (manifests, discovery, subresources without a model). An answer that is no JSON, such as a Pod's log, becomes a JSON string;
    /// an answer without body becomes null.
    /// </summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="pathAndQuery">Path below the server's address, with its query.</param>
    /// <param name="body">What is sent, or null.</param>
    /// <param name="contentType">Media type of <paramref name="body"/>.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <param name="accept">Media types wanted in answer; null means JSON, or else whatever there is.</param>
    Task<JsonNode?> SendAsync(
        HttpMethod method, string pathAndQuery, JsonNode? body, string contentType, CancellationToken cancellationToken, string? accept = null);
}
