namespace Kiban.Loader.Stores.S3;

/// <summary>An access key, with a session token where it is a passing one. Not a record, so that nothing prints it.</summary>
internal sealed class AwsCredential(string accessKeyId, string secretAccessKey, string? sessionToken)
{
    /// <summary>Access key id.</summary>
    public string AccessKeyId => accessKeyId;

    /// <summary>Secret access key.</summary>
    public string SecretAccessKey => secretAccessKey;

    /// <summary>Session token; null for a key that lasts.</summary>
    public string? SessionToken => sessionToken;

    /// <summary>Whether it is the same key.</summary>
    public bool IsSameAs(AwsCredential? other) =>
        other is not null && other.AccessKeyId == accessKeyId && other.SecretAccessKey == secretAccessKey && other.SessionToken == sessionToken;
}
