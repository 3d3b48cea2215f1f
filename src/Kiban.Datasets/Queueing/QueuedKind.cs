using Kiban.Kubernetes.Client;

namespace Kiban.Datasets.Queueing;

/// <summary>A kind of workload that is held back, for the webhook's registration.</summary>
/// <param name="Resource">The kind.</param>
internal sealed record QueuedKind(ResourceKind Resource);
