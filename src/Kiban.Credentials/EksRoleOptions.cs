namespace Kiban.Credentials;

/// <summary>
/// Whether Kiban serves the annotation <c>eks.amazonaws.com/role-arn</c>. Off by default, so that it never works against an Amazon EKS
/// Pod Identity webhook that the cluster may have.
/// </summary>
public sealed class EksRoleOptions
{
    /// <summary>Serve the annotation.</summary>
    public bool Enabled { get; set; }

    /// <summary>Region for containers that set none; null leaves <c>AWS_REGION</c> alone.</summary>
    public string? DefaultRegion { get; set; }

    /// <summary>Audience of tokens where the ServiceAccount names none.</summary>
    public string DefaultAudience { get; set; } = Api.CredentialsApi.EksRole.DefaultAudience;

    /// <summary>Whether <c>AWS_STS_REGIONAL_ENDPOINTS=regional</c> is set where the ServiceAccount does not say.</summary>
    public bool RegionalStsEndpoints { get; set; }

    /// <summary>Lifetime of tokens in seconds, 600 to 86400, where no annotation says otherwise.</summary>
    public int DefaultTokenExpirationSeconds { get; set; } = 86400;
}
