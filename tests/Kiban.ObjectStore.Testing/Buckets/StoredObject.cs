using Kiban.ObjectStore.Testing.Contents;

namespace Kiban.ObjectStore.Testing.Buckets;

/// <summary>One version of an object. Immutable: a change puts another in its place.</summary>
public sealed record StoredObject
{
    /// <summary>Key, whole.</summary>
    public required string Key { get; init; }

    /// <summary>The bytes.</summary>
    public required ObjectContent Content { get; init; }

    /// <summary>Generation, unique in the server and rising.</summary>
    public long Generation { get; init; }

    /// <summary>When it was put.</summary>
    public DateTimeOffset LastModified { get; init; }

    /// <summary>ETag with its quotes; null stands for the one that S3 would give: an MD5, or one with a dash where an MD5 is dear.</summary>
    public string? ETag { get; init; }

    /// <summary>Whether S3 answers <c>x-amz-checksum-crc32c</c> of the whole object, and Google gives a CRC-32C.</summary>
    public bool HasCrc32C { get; init; } = true;

    /// <summary>Whether S3 answers <c>x-amz-checksum-crc64nvme</c> of the whole object.</summary>
    public bool HasCrc64Nvme { get; init; }

    /// <summary>Whether S3's checksum is one of checksums of parts (<c>COMPOSITE</c>), which says nothing about the bytes as a whole.</summary>
    public bool HasCompositeChecksum { get; init; }

    /// <summary>Whether it was composed of others or uploaded in parts: no MD5 is known of it.</summary>
    public bool IsComposite { get; init; }

    /// <summary><c>Content-Encoding</c>, for instance <c>gzip</c>.</summary>
    public string? ContentEncoding { get; init; }

    /// <summary>S3's storage class.</summary>
    public string StorageClass { get; init; } = "STANDARD";

    /// <summary>Whether it is encrypted with a key of S3's key management; its ETag then looks like an MD5 and is none.</summary>
    public bool IsKmsEncrypted { get; init; }

    /// <summary>Whether reading it needs a key that the client has to send.</summary>
    public bool NeedsCustomerKey { get; init; }

    /// <summary>Whether requests for it are answered 403 whoever asks.</summary>
    public bool IsForbidden { get; init; }

    /// <summary>Size, bytes.</summary>
    public long Length => Content.Length;

    /// <summary>The ETag that is sent.</summary>
    public string EffectiveETag => ETag ?? (HasMd5 && !IsKmsEncrypted ? $"\"{Content.Md5}\"" : $"\"{Generation:x32}{(IsKmsEncrypted ? "" : "-7")}\"");

    /// <summary>Whether an MD5 is known.</summary>
    public bool HasMd5 => !IsComposite && Content.HasCheapMd5;

    /// <summary>Whether it is in an archive out of which it would have to be restored first.</summary>
    public bool IsArchived => StorageClass is "GLACIER" or "DEEP_ARCHIVE";
}
