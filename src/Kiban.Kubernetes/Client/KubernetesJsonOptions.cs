using System.Text.Json;
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
        options!.MaxDepth = DeepestNesting;
        options.Converters.Add(new WatchFrameConverterFactory());
        options.MakeReadOnly();
        return options;
    }
}
