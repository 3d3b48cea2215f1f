namespace Kiban.Loader.Stores.Google;

/// <summary>
/// A service account's token, given to somebody who may act as it
/// (<see href="https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken"/>). Not a record, so
/// that nothing prints it.
/// </summary>
internal sealed class ImpersonationAnswer
{
    /// <summary>The token.</summary>
    public required string AccessToken { get; init; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset ExpireTime { get; init; }
}
