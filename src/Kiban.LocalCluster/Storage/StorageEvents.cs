using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;

namespace Kiban.LocalCluster.Storage;

/// <summary>Events of the provisioner. The same words about the same object are one event with a growing count, as <c>kubectl describe</c> shows it.</summary>
internal sealed class StorageEvents
{
    private const string Component = "kiban-local-path";

    private readonly IKubernetesClient _client;
    private readonly TimeProvider _time;

    public StorageEvents(IKubernetesClient client, TimeProvider time)
    {
        _client = client;
        _time = time;
    }

    /// <summary>Tells of something that went well.</summary>
    public Task TellAsync(IKubernetesObject<V1ObjectMeta> about, string reason, string message, CancellationToken cancellationToken) =>
        WriteAsync(about, "Normal", reason, message, cancellationToken);

    /// <summary>Tells of something that a person has to look at.</summary>
    public Task WarnAsync(IKubernetesObject<V1ObjectMeta> about, string reason, string message, CancellationToken cancellationToken) =>
        WriteAsync(about, "Warning", reason, message, cancellationToken);

    private async Task WriteAsync(IKubernetesObject<V1ObjectMeta> about, string type, string reason, string message, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        var kind = about is V1PersistentVolume ? V1PersistentVolume.KubeKind : V1PersistentVolumeClaim.KubeKind;
        var space = about.Metadata.NamespaceProperty ?? "default";
        var name = $"{about.Metadata.Name}.{StableHash(about.Metadata.Uid + reason + message)}";
        if (await _client.FindAsync<Corev1Event>(name, space, cancellationToken) is { } known)
        {
            known.Count = (known.Count ?? 1) + 1;
            known.LastTimestamp = now;
            await _client.ReplaceAsync(known, cancellationToken);
            return;
        }

        await _client.CreateAsync(
            new Corev1Event
            {
                ApiVersion = Corev1Event.KubeApiVersion,
                Kind = Corev1Event.KubeKind,
                Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = space },
                InvolvedObject = new V1ObjectReference
                {
                    ApiVersion = "v1",
                    Kind = kind,
                    Name = about.Metadata.Name,
                    NamespaceProperty = about.Metadata.NamespaceProperty,
                    Uid = about.Metadata.Uid,
                },
                Type = type,
                Reason = reason,
                Message = message,
                Source = new V1EventSource { Component = Component },
                FirstTimestamp = now,
                LastTimestamp = now,
                Count = 1,
            },
            cancellationToken);
    }

    private static string StableHash(string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
}
