using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.LocalCluster.Snapshots.Api;
using Kiban.LocalCluster.Storage;
using KubernetesException = Kiban.Kubernetes.Client.KubernetesException;

namespace Kiban.LocalCluster.Snapshots;

/// <summary>The custom resources of the snapshot API and the class of local volumes.</summary>
internal static class SnapshotKinds
{
    private const string ManagedByLabel = "app.kubernetes.io/managed-by";
    private const string Manager = "kiban";

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>The custom resource definitions, from the manifests in this assembly.</summary>
    public static IReadOnlyList<V1CustomResourceDefinition> Definitions { get; } =
        [Read("volumesnapshotclasses"), Read("volumesnapshotcontents"), Read("volumesnapshots")];

    /// <summary>Installs all of it and waits until it is served. A definition that somebody else put there is left as it is.</summary>
    public static async Task InstallAsync(IKubernetesClient client, TimeProvider time, CancellationToken cancellationToken)
    {
        foreach (var definition in Definitions)
        {
            await InstallAsync(client, definition, cancellationToken);
        }

        foreach (var definition in Definitions)
        {
            while (!IsEstablished(await client.GetAsync<V1CustomResourceDefinition>(definition.Metadata.Name, null, cancellationToken)))
            {
                await Task.Delay(PollInterval, time, cancellationToken);
            }
        }

        await ApplyClassAsync(client, time, cancellationToken);
    }

    private static V1CustomResourceDefinition Read(string name)
    {
        using var stream = typeof(SnapshotKinds).Assembly.GetManifestResourceStream(name + ".yaml")!;
        using var reader = new StreamReader(stream);
        return KubernetesYaml.Deserialize<V1CustomResourceDefinition>(reader.ReadToEnd());
    }

    // Not by server-side apply: it refuses fields that the server does not know, and rules in CEL are such fields before 1.25. The other
    // verbs drop them.
    private static async Task InstallAsync(IKubernetesClient client, V1CustomResourceDefinition definition, CancellationToken cancellationToken)
    {
        var name = definition.Metadata.Name;
        if (await client.FindAsync<V1CustomResourceDefinition>(name, null, cancellationToken) is not { } found)
        {
            await client.CreateAsync(definition, cancellationToken);
        }
        else if (found.Metadata.Labels?.TryGetValue(ManagedByLabel, out var manager) is true && manager == Manager)
        {
            var body = JsonSerializer.SerializeToNode(definition, KubernetesJsonOptions.Default)!.AsObject();
            await client.PatchAsync<V1CustomResourceDefinition>(name, null, ObjectPatch.Merge(body), cancellationToken);
        }
    }

    private static bool IsEstablished(V1CustomResourceDefinition definition) =>
        definition.Status?.Conditions?.Any(condition => condition is { Type: "Established", Status: "True" }) is true;

    private static async Task ApplyClassAsync(IKubernetesClient client, TimeProvider time, CancellationToken cancellationToken)
    {
        var snapshotClass = new VolumeSnapshotClass
        {
            Metadata = new V1ObjectMeta
            {
                Name = SnapshotApi.DefaultClass,
                Labels = new Dictionary<string, string> { [ManagedByLabel] = Manager },
                Annotations = new Dictionary<string, string> { [SnapshotApi.DefaultClassAnnotation] = "true" },
            },
            Driver = SnapshotApi.Driver,
            DeletionPolicy = SnapshotApi.DeletePolicy,
        };
        while (true)
        {
            try
            {
                await client.ApplyAsync(snapshotClass, LocalStorageTask.FieldManager, cancellationToken);
                return;
            }
            catch (KubernetesException e) when (e.IsNotFound)
            {
                // Established comes a moment before the handler.
                await Task.Delay(PollInterval, time, cancellationToken);
            }
        }
    }
}
