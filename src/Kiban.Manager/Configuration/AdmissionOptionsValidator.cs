using Kiban.Kubernetes.Admission;
using Microsoft.Extensions.Options;

namespace Kiban.Manager.Configuration;

/// <summary>Checks the settings of the webhook server, section <c>Admission</c>.</summary>
internal sealed class AdmissionOptionsValidator : IValidateOptions<AdmissionOptions>
{
    /// <summary>Section of the configuration.</summary>
    public const string Section = "Admission";

    /// <summary>Longest drain that fits, with what follows it, into the grace period of deploy/.</summary>
    private static readonly TimeSpan LongestDrain = TimeSpan.FromSeconds(20);

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, AdmissionOptions options)
    {
        string?[] findings =
        [
            SettingRules.Port($"{Section}:Port", options.Port),
            SettingRules.Port($"{Section}:ServicePort", options.ServicePort),
            SettingRules.DnsLabel($"{Section}:Namespace", options.Namespace),
            SettingRules.DnsLabel($"{Section}:ServiceName", options.ServiceName),
            SettingRules.DnsName($"{Section}:ConfigurationName", options.ConfigurationName),
            SettingRules.DnsName($"{Section}:Certificates:SecretName", options.Certificates.SecretName),
            options.Url is not { } url || (url.IsAbsoluteUri && url.Scheme == Uri.UriSchemeHttps && url.Query.Length == 0 && url.Fragment.Length == 0)
                ? null
                : $"{Section}:Url is '{options.Url}'; it must be an https URL without query or fragment.",
            options.DrainPeriod >= TimeSpan.Zero && options.DrainPeriod <= LongestDrain
                ? null
                : $"{Section}:DrainPeriod is {options.DrainPeriod}; it must be between 00:00:00 and {LongestDrain}.",
        ];
        var failures = findings.OfType<string>().ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
