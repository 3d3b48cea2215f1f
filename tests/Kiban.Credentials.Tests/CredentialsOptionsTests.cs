namespace Kiban.Credentials.Tests;

/// <summary>Settings are checked all at once, and each fault names its setting.</summary>
public sealed class CredentialsOptionsTests
{
    private readonly CredentialsOptionsValidator _validator = new();

    [Fact]
    public void Defaults_are_right() => _validator.Validate(null, new CredentialsOptions()).Succeeded.ShouldBeTrue();

    [Fact]
    public void Keyless_forms_are_off_by_default()
    {
        var options = new CredentialsOptions();
        options.EksRole.Enabled.ShouldBeFalse();
        options.WorkloadIdentity.Enabled.ShouldBeFalse();
    }

    [Fact]
    public void Every_fault_is_told_with_its_setting()
    {
        var result = _validator.Validate(null, new CredentialsOptions
        {
            AllowedGoogleHosts = ["sts.example.com", "https://sts.example.com", "com"],
            TokenFileDirectories = ["/opt/tokens", "tokens", "/opt/../etc"],
            EksRole = new EksRoleOptions { DefaultTokenExpirationSeconds = 60, DefaultRegion = "Tokyo!" },
            WorkloadIdentity = new WorkloadIdentityOptions { DefaultTokenExpirationSeconds = 90000, DefaultAudience = " " },
        });

        string[] settings =
        [
            "Credentials:AllowedGoogleHosts:1", "Credentials:AllowedGoogleHosts:2",
            "Credentials:TokenFileDirectories:1", "Credentials:TokenFileDirectories:2",
            "Credentials:EksRole:DefaultTokenExpirationSeconds", "Credentials:EksRole:DefaultRegion",
            "Credentials:WorkloadIdentity:DefaultAudience", "Credentials:WorkloadIdentity:DefaultTokenExpirationSeconds",
        ];
        result.Failures!.Select(failure => failure.Split(' ')[0]).ShouldBe(settings);
    }
}
