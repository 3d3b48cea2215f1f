using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Kiban.Images.Oci;

/// <summary>Points at a blob by digest.</summary>
/// <param name="MediaType">What the blob is.</param>
/// <param name="Digest"><c>sha256:</c> and 64 hexadecimal digits.</param>
/// <param name="Size">Length in bytes.</param>
internal sealed record OciDescriptor(string MediaType, string Digest, long Size)
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OciPlatform? Platform { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedDictionary<string, string>? Annotations { get; init; }
}
