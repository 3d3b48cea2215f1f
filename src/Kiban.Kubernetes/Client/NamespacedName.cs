namespace Kiban.Kubernetes.Client;

/// <summary>Key of an object within its kind.</summary>
/// <param name="Namespace">Namespace; null for cluster-scoped objects.</param>
/// <param name="Name">Name.</param>
public readonly record struct NamespacedName(string? Namespace, string Name)
{
    /// <inheritdoc/>
    public override string ToString() => Namespace is null ? Name : $"{Namespace}/{Name}";
}
