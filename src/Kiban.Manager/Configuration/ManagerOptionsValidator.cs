using Kiban.Kubernetes.Admission;
using Microsoft.Extensions.Options;

namespace Kiban.Manager.Configuration;

/// <summary>Checks the settings of the process, and those that must fit together across sections.</summary>
internal sealed class ManagerOptionsValidator(IOptions<AdmissionOptions> admission) : IValidateOptions<ManagerOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ManagerOptions options)
    {
        string?[] findings =
        [
            SettingRules.Port("Manager:HttpPort", options.HttpPort),
            SettingRules.Address("Manager:HttpAddress", options.HttpAddress),
            SettingRules.DnsName("Manager:Name", options.Name),
            SettingRules.ExistingFile("Manager:Kubeconfig", options.Kubeconfig),
            options.HttpPort == admission.Value.Port
                ? $"Manager:HttpPort and Admission:Port are both {options.HttpPort}; they must differ."
                : null,
        ];
        var failures = findings.OfType<string>().ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
