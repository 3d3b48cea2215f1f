using System.Text.Json.Serialization;
using Kiban.Images.Debian;
using Kiban.Images.Layers;

namespace Kiban.Images.Building;

/// <summary>What the build cache remembers.</summary>
[JsonSerializable(typeof(Layer))]
[JsonSerializable(typeof(Layer[]))]
[JsonSerializable(typeof(DebianPackage[]))]
internal sealed partial class CacheJson : JsonSerializerContext;
