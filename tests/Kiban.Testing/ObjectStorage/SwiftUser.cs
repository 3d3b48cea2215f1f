namespace Kiban.Testing.ObjectStorage;

/// <summary>A user of Swift's tempauth. Buckets belong to the account; a user sees those of its own account only.</summary>
public sealed record SwiftUser(string Account, string Name, string Key)
{
    /// <summary>What S3 clients give as access key id; the secret key is <see cref="Key"/>.</summary>
    public string AccessKeyId => $"{Account}:{Name}";
}
