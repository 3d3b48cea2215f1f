using System.Text.Json;
using System.Text.Json.Serialization;

namespace Kiban.Kubernetes.Client;

/// <summary>Makes a <see cref="WatchFrameConverter{T}"/> for every kind that is watched.</summary>
internal sealed class WatchFrameConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(WatchFrame<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(WatchFrameConverter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;
}
