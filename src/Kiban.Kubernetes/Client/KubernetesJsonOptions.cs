using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using k8s;

namespace Kiban.Kubernetes.Client;

/// <summary>
/// How objects become JSON and back: the official client's converters and metadata, so that its models mean here what they mean there.
/// </summary>
public static class KubernetesJsonOptions
{
    /// <summary>Deepest nesting that is read. Schemas of custom resources and managed fields nest past the library's default of 64.</summary>
    private const int DeepestNesting = 256;

    /// <summary>Read-only options, shared by everything that reads or writes Kubernetes objects.</summary>
    public static JsonSerializerOptions Default { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        JsonSerializerOptions? options = null;
        KubernetesJson.AddJsonOptions(official => options = new JsonSerializerOptions(official));
        // The library looks a type up in its generated context first, which loads each of its 850 models on the way to one that is
        // missing there, such as our own: 15 MiB in every program. The contract is the same by reflection, for the few types that are used.
        options!.TypeInfoResolver = new DefaultJsonTypeInfoResolver().WithAddedModifier(MicroTimeConverter.Use);
        options.MaxDepth = DeepestNesting;
        options.Converters.Add(new WatchFrameConverterFactory());
        options.MakeReadOnly();
        return options;
    }
}
