namespace Kiban.Credentials;

/// <summary>
/// Whether Kiban serves the annotation <c>cloud.google.com/workload-identity-provider</c> (direct mode). Off by default, so that it never
/// works against another webhook that the cluster may have.
/// </summary>
public sealed class WorkloadIdentityOptions
{
    /// <summary>Serve the annotation.</summary>
    public bool Enabled { get; set; }

    /// <summary>Region for containers that set none; null leaves <c>CLOUDSDK_COMPUTE_REGION</c> alone.</summary>
    public string? DefaultRegion { get; set; }

    /// <summary>Audience of tokens where the ServiceAccount names none.</summary>
    public string DefaultAudience { get; set; } = Api.CredentialsApi.WorkloadIdentity.DefaultAudience;

    /// <summary>Lifetime of tokens in seconds, 3600 to 86400, where no annotation says otherwise.</summary>
    public int DefaultTokenExpirationSeconds { get; set; } = 86400;
}
