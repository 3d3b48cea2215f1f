using Kiban.Kubernetes.Admission;
using Microsoft.Extensions.Options;

namespace Kiban.Manager.Configuration;

/// <summary>Checks the settings of the process, and those that must fit together across sections.</summary>
internal sealed class ManagerOptionsValidator(IConfiguration configuration) : IValidateOptions<ManagerOptions>
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
            // Read by itself: the other section's mistakes are its own validator's to tell.
            $"{options.HttpPort}" == (configuration[$"{AdmissionOptionsValidator.Section}:Port"] ?? $"{new AdmissionOptions().Port}")
                ? $"Manager:HttpPort and Admission:Port are both {options.HttpPort}; they must differ."
                : null,
        ];
        var failures = findings.OfType<string>().ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
