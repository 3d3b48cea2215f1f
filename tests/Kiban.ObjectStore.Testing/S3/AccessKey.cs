namespace Kiban.ObjectStore.Testing.S3;

/// <summary>A key that opens the server's private buckets.</summary>
/// <param name="Id">Access key id.</param>
/// <param name="Secret">Secret access key.</param>
public sealed record AccessKey(string Id, string Secret)
{
    /// <summary>The session token that has to be sent with it; null for a key that lasts.</summary>
    public string? SessionToken { get; init; }

    /// <summary>Whether it has expired.</summary>
    public bool IsExpired { get; init; }

    /// <summary>Whether it is known, but may not read.</summary>
    public bool IsDenied { get; init; }
}
