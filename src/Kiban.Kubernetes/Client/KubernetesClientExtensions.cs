using k8s;
using k8s.Models;

namespace Kiban.Kubernetes.Client;

/// <summary>What can be said in terms of the client's verbs.</summary>
public static class KubernetesClientExtensions
{
    private const int DefaultPageSize = 500;

    /// <summary>
    /// Reads a collection whole, page by page (500 objects where <see cref="ListOptions.Limit"/> names no other number). When the version
    /// of the first page is compacted before the last one is read (410), it is read anew, at once and without pages, as client-go does.
    /// </summary>
    public static async Task<ObjectPage<T>> ListAllAsync<T>(
        this IKubernetesClient client, string? @namespace, ListOptions options, CancellationToken cancellationToken)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var first = options with { Limit = options.Limit ?? DefaultPageSize };
        try
        {
            var page = await client.ListPageAsync<T>(@namespace, first, cancellationToken);
            if (page.Continue is null)
            {
                return page;
            }

            var items = new List<T>(page.Items);
            while (page.Continue is not null)
            {
                page = await client.ListPageAsync<T>(@namespace, first with { Continue = page.Continue }, cancellationToken);
                items.AddRange(page.Items);
            }

            return page with { Items = items };
        }
        catch (KubernetesException e) when (e.IsGone)
        {
            return await client.ListPageAsync<T>(@namespace, options with { Limit = null, Continue = null }, cancellationToken);
        }
    }
}
