using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Kiban.Manager.Configuration;

/// <summary>Checks the settings before anything starts, and reports all that is wrong at once, each with the setting's name.</summary>
internal sealed partial class ManagerOptionsValidator : IValidateOptions<ManagerOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ManagerOptions options)
    {
        var failures = Failures(options).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static IEnumerable<string> Failures(ManagerOptions options)
    {
        var webhooks = options.Webhooks;
        var election = options.LeaderElection;
        string?[] checks =
        [
            DnsLabel("Namespace", options.Namespace),
            DnsLabel("Webhooks:ServiceName", webhooks.ServiceName),
            DnsSubdomain("Webhooks:ConfigurationName", webhooks.ConfigurationName),
            DnsSubdomain("Webhooks:CertificateSecretName", webhooks.CertificateSecretName),
            DnsSubdomain("LeaderElection:LeaseName", election.LeaseName),
            Port("HttpPort", options.HttpPort, smallest: 0),
            Port("Webhooks:Port", webhooks.Port, smallest: 0),
            Port("Webhooks:ServicePort", webhooks.ServicePort, smallest: 1),
            options.HttpPort != 0 && options.HttpPort == webhooks.Port
                ? $"{Setting("HttpPort")} and {Setting("Webhooks:Port")} are both {options.HttpPort}; they must differ."
                : null,
            options.Identity.Length is 0 or > 253
                ? $"{Setting("Identity")} has {options.Identity.Length} characters; it must have 1 to 253."
                : null,
            System.Net.IPAddress.TryParse(webhooks.Address, out _)
                ? null
                : $"{Setting("Webhooks:Address")} is '{webhooks.Address}'; it must be an IP address, such as 0.0.0.0 or ::.",
            webhooks.Url is { } url && (!url.IsAbsoluteUri || url.Scheme != Uri.UriSchemeHttps || url.Query.Length > 0 || url.Fragment.Length > 0)
                ? $"{Setting("Webhooks:Url")} is '{url}'; it must be an https URL without query or fragment."
                : null,
            options.Kubeconfig is { } file && !File.Exists(file)
                ? $"{Setting("Kubeconfig")} is '{file}'; there is no such file."
                : null,
            options.DrainDelay < TimeSpan.Zero || options.DrainDelay > TimeSpan.FromMinutes(1)
                ? $"{Setting("DrainDelay")} is {options.DrainDelay}; it must be between 00:00:00 and 00:01:00."
                : null,
            // The Lease's own unit is a whole second.
            election.LeaseDuration < TimeSpan.FromSeconds(1)
                ? $"{Setting("LeaderElection:LeaseDuration")} is {election.LeaseDuration}; it must be at least 00:00:01."
                : null,
            election.RetryPeriod <= TimeSpan.Zero
                ? $"{Setting("LeaderElection:RetryPeriod")} is {election.RetryPeriod}; it must be more than 00:00:00."
                : null,
            election.RenewDeadline >= election.LeaseDuration
                ? $"{Setting("LeaderElection:RenewDeadline")} is {election.RenewDeadline}; it must be less than the LeaseDuration of {election.LeaseDuration}, or two replicas could lead at once."
                : null,
            election.RetryPeriod >= election.RenewDeadline
                ? $"{Setting("LeaderElection:RetryPeriod")} is {election.RetryPeriod}; it must be less than the RenewDeadline of {election.RenewDeadline}."
                : null,
        ];
        return checks.OfType<string>();
    }

    private static string Setting(string name) =>
        $"{ManagerOptions.Section}:{name} (environment {ManagerOptions.Section.ToUpperInvariant()}__{name.Replace(":", "__", StringComparison.Ordinal).ToUpperInvariant()})";

    private static string? Port(string name, int port, int smallest) =>
        port >= smallest && port <= 65535
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{Setting(name)} is {port}; it must be between {smallest} and 65535.");

    private static string? DnsLabel(string name, string value) =>
        value.Length <= 63 && Label().IsMatch(value)
            ? null
            : $"{Setting(name)} is '{value}'; it must be a DNS label: up to 63 of a-z, 0-9 and '-', beginning and ending with a letter or digit.";

    private static string? DnsSubdomain(string name, string value) =>
        value.Length <= 253 && value.Split('.').All(part => Label().IsMatch(part))
            ? null
            : $"{Setting(name)} is '{value}'; it must be a DNS name: up to 253 of a-z, 0-9, '-' and '.', each part beginning and ending with a letter or digit.";

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex Label();
}
