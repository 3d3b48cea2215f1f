using System.Text.Json.Nodes;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Certificates;

/// <summary>Keeps the Secret as <see cref="CertificateRotation"/> wants it. Only one replica may do so at a time; a write on an old version fails.</summary>
internal sealed class CertificateKeeper(
    IKubernetesClient client, string @namespace, CertificateOptions options, CertificateRotation rotation,
    TimeProvider time, ILogger<CertificateKeeper> logger)
{
    private const string FieldManager = "kiban-certificates";

    /// <summary>Looks at the Secret once. Returns what it now holds, and when to look again.</summary>
    /// <param name="registered">What is registered now.</param>
    /// <param name="lastSound">What the Secret held when it was last whole: restored when it is lost or damaged, for other replicas still serve it.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="KubernetesException">409: somebody else has written since; look again.</exception>
    public async Task<(CertificateState State, DateTimeOffset LookAgain)> ReconcileAsync(
        RegisteredTrust registered, CertificateState? lastSound, CancellationToken cancellationToken)
    {
        var secret = await client.FindAsync<V1Secret>(options.SecretName, @namespace, cancellationToken);
        var held = CertificateSecret.Read(secret);
        var input = held;
        if (held.Authority is null && lastSound is not null)
        {
            logger.Restoring(@namespace, options.SecretName);
            input = lastSound with { Requested = held.Requested };
        }

        var decision = rotation.Decide(input, registered, time.GetUtcNow());
        if (!decision.State.IsSameAs(held))
        {
            logger.Writing(@namespace, options.SecretName, decision.Reasons.Count == 0 ? "it held something else" : string.Join("; ", decision.Reasons));
            await WriteAsync(secret, decision.State, cancellationToken);
        }

        return (decision.State, decision.LookAgain);
    }

    private async Task WriteAsync(V1Secret? secret, CertificateState state, CancellationToken cancellationToken)
    {
        var write = new WriteOptions { FieldManager = FieldManager };
        if (secret is null)
        {
            await client.CreateAsync(
                new V1Secret
                {
                    Type = "kubernetes.io/tls",
                    Metadata = new V1ObjectMeta
                    {
                        Name = options.SecretName,
                        NamespaceProperty = @namespace,
                        Labels = new Dictionary<string, string>
                        {
                            ["app.kubernetes.io/name"] = "kiban",
                            ["app.kubernetes.io/component"] = "manager",
                            ["app.kubernetes.io/part-of"] = "kiban",
                            ["app.kubernetes.io/managed-by"] = "kiban-manager",
                        },
                        Annotations = Present(CertificateSecret.Annotations(state)),
                    },
                    Data = Present(CertificateSecret.Data(state)),
                },
                cancellationToken, write);
            return;
        }

        // A merge patch with the version that was read: whatever else others keep in the Secret stays, and a second writer gets 409.
        var patch = new JsonObject
        {
            ["metadata"] = new JsonObject
            {
                ["resourceVersion"] = secret.Metadata.ResourceVersion,
                ["annotations"] = new JsonObject(CertificateSecret.Annotations(state).Select(
                    annotation => KeyValuePair.Create(annotation.Key, (JsonNode?)annotation.Value))),
            },
            ["data"] = new JsonObject(CertificateSecret.Data(state).Select(
                entry => KeyValuePair.Create(entry.Key, entry.Value is null ? null : (JsonNode?)Convert.ToBase64String(entry.Value)))),
        };
        await client.PatchAsync<V1Secret>(options.SecretName, @namespace, ObjectPatch.Merge(patch), cancellationToken, write);
    }

    private static Dictionary<string, T> Present<T>(IReadOnlyDictionary<string, T?> values)
        where T : class =>
        values.Where(entry => entry.Value is not null).ToDictionary(entry => entry.Key, entry => entry.Value!);
}
