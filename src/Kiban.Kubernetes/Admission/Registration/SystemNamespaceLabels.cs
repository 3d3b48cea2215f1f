using System.Text.Json.Nodes;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Admission.Registration;

/// <summary>
/// Makes sure that the namespaces which must never be subject to the webhooks bear the label by which the selector excludes them. Servers
/// set it themselves since 1.21 (<see href="https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetes-io-metadata-name"/>).
/// On 1.20 <c>NotIn</c> would match a namespace without the label, kube-system among them, so the leader sets the very label that the
/// server's next release will set.
/// </summary>
internal sealed class SystemNamespaceLabels(IKubernetesClient client, AdmissionOptions options, ILogger logger)
{
    public const string NameLabel = "kubernetes.io/metadata.name";

    /// <exception cref="KubernetesException">A namespace could not be read or labelled: then nothing may be registered.</exception>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        foreach (var name in options.ExcludedNamespaces)
        {
            var @namespace = await client.FindAsync<V1Namespace>(name, null, cancellationToken);
            if (@namespace is null || (@namespace.Metadata.Labels?.TryGetValue(NameLabel, out var value) == true && value == name))
                continue;
            logger.LabellingNamespace(name);
            var patch = new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [NameLabel] = name } } };
            await client.PatchAsync<V1Namespace>(
                name, null, ObjectPatch.Merge(patch), cancellationToken, new WriteOptions { FieldManager = AdmissionLeader.FieldManager });
        }
    }
}
