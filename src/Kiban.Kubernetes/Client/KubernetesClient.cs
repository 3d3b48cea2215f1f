using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Connection;

namespace Kiban.Kubernetes.Client;

/// <summary>
/// The API server over one pool of connections. Objects have the official client's models and converters; bodies are parsed as they
/// arrive, without blocking a thread, and watches end the moment they are cancelled.
/// </summary>
public sealed class KubernetesClient : IKubernetesClient, IDisposable
{
    private static readonly JsonDocumentOptions DeepDocuments = new() { MaxDepth = KubernetesJsonOptions.Default.MaxDepth };

    private readonly HttpClient _http;
    private readonly ApiTransport _transport;
    private readonly KubernetesClientOptions _options;

    /// <summary>Creates a client; connections are opened as they are needed.</summary>
    public KubernetesClient(KubernetesConnection connection, KubernetesClientOptions? options = null)
        : this(connection.CreateHandler(), connection.Server, options)
    {
    }

    /// <summary>Creates a client over a handler that knows how to reach and authenticate to <paramref name="server"/>.</summary>
    public KubernetesClient(HttpMessageHandler handler, Uri server, KubernetesClientOptions? options = null)
    {
        _options = options ?? new KubernetesClientOptions();
        _http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        _transport = new ApiTransport(_http, server, _options);
    }

    /// <inheritdoc/>
    public Uri Server => _transport.Server;

    /// <inheritdoc/>
    public Task<T> GetAsync<T>(string name, string? @namespace, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta> =>
        SendAsync<T>(new(HttpMethod.Get, ResourceKind.Of<T>().Path(@namespace, Required(name))), cancellationToken);

    /// <inheritdoc/>
    public async Task<T?> FindAsync<T>(string name, string? @namespace, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        try
        {
            return await GetAsync<T>(name, @namespace, cancellationToken);
        }
        catch (KubernetesException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<ObjectPage<T>> ListPageAsync<T>(string? @namespace, ListOptions options, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var kind = ResourceKind.Of<T>();
        var document = await SendAsync<ObjectListDocument<T>>(new(HttpMethod.Get, kind.Path(@namespace) + RequestQuery.Of(options)), cancellationToken);
        var items = document.Items ?? [];
        foreach (var item in items)
        {
            // The server leaves both out of list items, and every later use (owner references, events, apply) needs them.
            item.ApiVersion ??= kind.ApiVersion;
            item.Kind ??= kind.Kind;
        }

        var next = document.Metadata?.ContinueProperty;
        return new ObjectPage<T>(items, document.Metadata?.ResourceVersion ?? "", string.IsNullOrEmpty(next) ? null : next);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchEvent<T>> WatchAsync<T>(
        string? @namespace, WatchOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var request = new ApiRequest(HttpMethod.Get, ResourceKind.Of<T>().Path(@namespace) + RequestQuery.Of(options)) { IsWatch = true };
        using var overdue = options.Timeout is { } timeout
            ? new CancellationTokenSource(timeout + _options.WatchGracePeriod, _options.Time)
            : new CancellationTokenSource();
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, overdue.Token);
        using var response = await _transport.SendAsync(request, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var documents = JsonSerializer.DeserializeAsyncEnumerable<WatchFrame<T>>(stream, topLevelValues: true, KubernetesJsonOptions.Default, linked.Token);

        await using var enumerator = documents.GetAsyncEnumerator(linked.Token);
        while (true)
        {
            WatchFrame<T> frame;
            try
            {
                if (!await enumerator.MoveNextAsync())
                {
                    yield break;
                }

                frame = enumerator.Current ?? throw new JsonException("the stream holds null");
            }
            catch (JsonException e)
            {
                throw new IOException($"{request.Description}: the stream was cut inside an event, or holds something that is none: {e.Message}", e);
            }
            catch (OperationCanceledException) when (overdue.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                yield break;
            }

            if (frame.Type == "ERROR")
            {
                throw FailedResponse.Of(frame.Error ?? new V1Status { Code = 500, Message = "an ERROR event without status" }, request.Description);
            }

            yield return frame.ToEvent()
                ?? throw new IOException($"{request.Description}: an event has the unknown type {frame.Type} or no object.");
        }
    }

    /// <inheritdoc/>
    public Task<T> CreateAsync<T>(T value, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var kind = ResourceKind.Of<T>();
        var path = kind.Path(value.Metadata?.NamespaceProperty, options?.Subresource is null ? null : NameOf(value), options?.Subresource);
        return WriteAsync<T>(HttpMethod.Post, path + RequestQuery.Of(options), ToNode(value, kind), "application/json", cancellationToken);
    }

    /// <inheritdoc/>
    public Task<T> ReplaceAsync<T>(T value, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var kind = ResourceKind.Of<T>();
        var path = kind.Path(value.Metadata?.NamespaceProperty, NameOf(value), options?.Subresource);
        return WriteAsync<T>(HttpMethod.Put, path + RequestQuery.Of(options), ToNode(value, kind), "application/json", cancellationToken);
    }

    /// <inheritdoc/>
    public Task<T> ApplyAsync<T>(T value, string fieldManager, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var kind = ResourceKind.Of<T>();
        var node = ToNode(value, kind);
        if (node["metadata"] is JsonObject metadata)
        {
            // The server refuses an apply that names managed fields, and reads a version as a precondition, which apply has no use for.
            metadata.Remove("managedFields");
            metadata.Remove("resourceVersion");
        }

        var query = RequestQuery.Of((options ?? new WriteOptions()) with { FieldManager = fieldManager })
            .Add("force", options?.Force ?? true ? "true" : "false");
        var path = kind.Path(value.Metadata?.NamespaceProperty, NameOf(value), options?.Subresource);
        return WriteAsync<T>(HttpMethod.Patch, path + query, node, ObjectPatch.ApplyContentType, cancellationToken);
    }

    /// <inheritdoc/>
    public Task<T> PatchAsync<T>(string name, string? @namespace, ObjectPatch patch, CancellationToken cancellationToken, WriteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var path = ResourceKind.Of<T>().Path(@namespace, Required(name), options?.Subresource);
        return WriteAsync<T>(HttpMethod.Patch, path + RequestQuery.Of(options), patch.Body, patch.ContentType, cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync<T>(string name, string? @namespace, CancellationToken cancellationToken, DeleteOptions? options = null)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        options ??= new DeleteOptions();
        var body = new V1DeleteOptions
        {
            ApiVersion = "v1",
            Kind = "DeleteOptions",
            PropagationPolicy = options.PropagationPolicy,
            GracePeriodSeconds = (long?)options.GracePeriod?.TotalSeconds,
            DryRun = options.DryRun ? ["All"] : null,
            Preconditions = options.Uid is null && options.ResourceVersion is null
                ? null
                : new V1Preconditions { Uid = options.Uid, ResourceVersion = options.ResourceVersion },
        };
        var request = new ApiRequest(HttpMethod.Delete, ResourceKind.Of<T>().Path(@namespace, Required(name)))
        {
            Body = JsonSerializer.SerializeToUtf8Bytes(body, KubernetesJsonOptions.Default),
        };
        try
        {
            using var response = await _transport.SendAsync(request, cancellationToken);
            // Read to its end, or the connection could not be used again.
            return await ReadAsync(request, response, async (body, token) =>
            {
                await body.CopyToAsync(Stream.Null, token);
                return true;
            }, cancellationToken);
        }
        catch (KubernetesException e) when (e.IsNotFound)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task<JsonNode?> SendAsync(
        HttpMethod method, string pathAndQuery, JsonNode? body, string contentType, CancellationToken cancellationToken, string? accept = null)
    {
        var request = new ApiRequest(method, pathAndQuery)
        {
            Body = body is null ? null : JsonSerializer.SerializeToUtf8Bytes(body, KubernetesJsonOptions.Default),
            ContentType = contentType,
            Accept = accept ?? "application/json, */*;q=0.5",
        };
        using var response = await _transport.SendAsync(request, cancellationToken);
        if (response.StatusCode == HttpStatusCode.NoContent || response.Content.Headers.ContentLength == 0)
        {
            return null;
        }

        if (response.Content.Headers.ContentType?.MediaType is not "application/json")
        {
            return JsonValue.Create(await response.Content.ReadAsStringAsync(cancellationToken));
        }

        return await ReadAsync(
            request, response, async (body, token) => await JsonNode.ParseAsync(body, documentOptions: DeepDocuments, cancellationToken: token), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private Task<T> WriteAsync<T>(HttpMethod method, string pathAndQuery, JsonNode body, string contentType, CancellationToken cancellationToken)
        where T : class =>
        SendAsync<T>(
            new(method, pathAndQuery) { Body = JsonSerializer.SerializeToUtf8Bytes(body, KubernetesJsonOptions.Default), ContentType = contentType },
            cancellationToken);

    private async Task<T> SendAsync<T>(ApiRequest request, CancellationToken cancellationToken)
        where T : class
    {
        using var response = await _transport.SendAsync(request, cancellationToken);
        return await ReadAsync(
            request,
            response,
            async (body, token) => await JsonSerializer.DeserializeAsync<T>(body, KubernetesJsonOptions.Default, token) ?? throw new JsonException("the answer is null"),
            cancellationToken);
    }

    /// <summary>Reads a body whole, within the time of a request, and tells what was asked when that fails.</summary>
    private async Task<T> ReadAsync<T>(
        ApiRequest request, HttpResponseMessage response, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_options.RequestTimeout, _options.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(linked.Token);
            return await read(body, linked.Token);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"{request.Description}: the answer was not complete within {_options.RequestTimeout.TotalSeconds:0.#} s.", e);
        }
        catch (JsonException e)
        {
            throw new IOException($"{request.Description}: the answer was cut or is no {typeof(T).Name}: {e.Message}", e);
        }
    }

    private static JsonObject ToNode<T>(T value, ResourceKind kind)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var node = (JsonObject)JsonSerializer.SerializeToNode(value, KubernetesJsonOptions.Default)!;
        node["apiVersion"] = kind.ApiVersion;
        node["kind"] = kind.Kind;
        return node;
    }

    private static string NameOf<T>(T value)
        where T : class, IKubernetesObject<V1ObjectMeta> => Required(value.Metadata?.Name);

    private static string Required(string? name) =>
        string.IsNullOrEmpty(name) ? throw new ArgumentException("metadata.name is empty; without it the path would mean the whole collection.") : name;
}
