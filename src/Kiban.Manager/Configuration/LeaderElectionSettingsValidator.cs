using Microsoft.Extensions.Options;

namespace Kiban.Manager.Configuration;

/// <summary>Checks the settings of the competition for the Lease.</summary>
internal sealed class LeaderElectionSettingsValidator : IValidateOptions<LeaderElectionSettings>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, LeaderElectionSettings options)
    {
        List<string> failures =
        [
            .. new[] { SettingRules.DnsName("LeaderElection:LeaseName", options.LeaseName) }.OfType<string>(),
            .. options.ToOptions("any", "any").Validate().Select(failure => failure.Replace("LeaderElectionOptions.", "LeaderElection:", StringComparison.Ordinal)),
        ];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
