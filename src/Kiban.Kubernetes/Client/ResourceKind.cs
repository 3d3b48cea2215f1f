using System.Reflection;
using k8s;
using k8s.Models;

namespace Kiban.Kubernetes.Client;

/// <summary>
/// A kind the API server serves: its group, version and kind as in a manifest, and the plural name of its path.
/// </summary>
/// <param name="Group">API group; empty for the core group.</param>
/// <param name="Version">Version inside the group, such as <c>v1</c>.</param>
/// <param name="Kind">Kind as written in manifests, such as <c>Secret</c>.</param>
/// <param name="Plural">Plural, lower-case name used in paths and RBAC rules, such as <c>secrets</c>.</param>
public sealed record ResourceKind(string Group, string Version, string Kind, string Plural)
{
    /// <summary>The <c>apiVersion</c> of a manifest: <c>v1</c> or <c>apps/v1</c>.</summary>
    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>
    /// The kind that <typeparamref name="T"/> stands for, from its <see cref="KubernetesEntityAttribute"/>
    /// (every model of the official client has one, and so do this project's own resource types).
    /// </summary>
    /// <exception cref="InvalidOperationException">The type has no such attribute.</exception>
    public static ResourceKind Of<T>() where T : IKubernetesObject => Cached<T>.Value;

    /// <summary>Path of a collection (<paramref name="name"/> null) or of one object, without query.</summary>
    /// <param name="namespace">Namespace; null for cluster-scoped kinds, or for a collection across all namespaces.</param>
    /// <param name="name">Name of the object, or null for the collection.</param>
    /// <param name="subresource">Subresource such as <c>status</c>; needs a name.</param>
    public string Path(string? @namespace = null, string? name = null, string? subresource = null)
    {
        var root = Group.Length == 0 ? $"/api/{Version}" : $"/apis/{Group}/{Version}";
        var scope = @namespace is null ? "" : $"/namespaces/{Uri.EscapeDataString(@namespace)}";
        var item = name is null ? "" : $"/{Uri.EscapeDataString(name)}";
        var sub = subresource is null ? "" : $"/{subresource}";
        return $"{root}{scope}/{Plural}{item}{sub}";
    }

    /// <inheritdoc/>
    public override string ToString() => Group.Length == 0 ? $"{Plural}" : $"{Plural}.{Group}";

    private static class Cached<T>
    {
        public static readonly ResourceKind Value =
            typeof(T).GetCustomAttribute<KubernetesEntityAttribute>() is { } entity
                ? new ResourceKind(entity.Group ?? "", entity.ApiVersion, entity.Kind, entity.PluralName)
                : throw new InvalidOperationException($"{typeof(T)} has no [KubernetesEntity] attribute that names its group, version, kind and plural.");
    }
}
