using System.Text.Json.Serialization;

namespace Kiban.Loader.Stores.Google;

/// <summary>An object (<see href="https://cloud.google.com/storage/docs/json_api/v1/objects#resource"/>), as far as it is read.</summary>
internal sealed record ObjectResource
{
    /// <summary>Key.</summary>
    public required string Name { get; init; }

    /// <summary>Size, bytes, as it is stored.</summary>
    public required long Size { get; init; }

    /// <summary>Generation.</summary>
    public required string Generation { get; init; }

    /// <summary>When it last changed.</summary>
    public DateTimeOffset? Updated { get; init; }

    /// <summary>CRC-32C, four bytes in Base64.</summary>
    [JsonPropertyName("crc32c")]
    public string? Crc32C { get; init; }

    /// <summary>MD5, sixteen bytes in Base64; absent for composed objects.</summary>
    public string? Md5Hash { get; init; }
}
