using Kiban.Kubernetes.Client;

namespace Kiban.LocalCluster.Storage;

/// <summary>An object that the agent's storage has work for.</summary>
internal readonly record struct StorageKey(StorageKind Kind, NamespacedName Name);
