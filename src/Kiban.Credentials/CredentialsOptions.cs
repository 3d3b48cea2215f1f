namespace Kiban.Credentials;

/// <summary>What an operator can decide about credentials; the settings live under <see cref="Section"/> in the manager's configuration.</summary>
public sealed class CredentialsOptions
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Credentials";

    /// <summary>Full name of <see cref="AllowedGoogleHosts"/>, for messages.</summary>
    public const string AllowedGoogleHostsSetting = Section + ":" + nameof(AllowedGoogleHosts);

    /// <summary>Full name of <see cref="TokenFileDirectories"/>, for messages.</summary>
    public const string TokenFileDirectoriesSetting = Section + ":" + nameof(TokenFileDirectories);

    private static readonly string[] StandardTokenFileDirectories = ["/var/run/secrets", "/run/secrets", "/var/run/service-account"];

    /// <summary>
    /// Hosts, beside Google's own, that the URLs of an <c>external_account</c> file may name: a host name, or <c>.domain</c> for all below it.
    /// </summary>
    public IList<string> AllowedGoogleHosts { get; init; } = [];

    /// <summary>
    /// Directories, beside <c>/var/run/secrets</c>, <c>/run/secrets</c> and <c>/var/run/service-account</c>, below which the <c>file</c>
    /// of a <c>credential_source</c> may be.
    /// </summary>
    public IList<string> TokenFileDirectories { get; init; } = [];

    /// <summary>Roles for ServiceAccounts (<c>eks.amazonaws.com/role-arn</c>).</summary>
    public EksRoleOptions EksRole { get; init; } = new();

    /// <summary>Workload identity federation (<c>cloud.google.com/workload-identity-provider</c>).</summary>
    public WorkloadIdentityOptions WorkloadIdentity { get; init; } = new();

    internal IEnumerable<string> AllTokenFileDirectories => StandardTokenFileDirectories.Concat(TokenFileDirectories);
}
