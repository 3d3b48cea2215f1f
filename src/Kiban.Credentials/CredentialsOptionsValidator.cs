using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace Kiban.Credentials;

/// <summary>Finds every fault of the settings at once, each with the setting's full name.</summary>
internal sealed partial class CredentialsOptionsValidator : IValidateOptions<CredentialsOptions>
{
    private const int MaximumExpiration = 86400;

    public ValidateOptionsResult Validate(string? name, CredentialsOptions options)
    {
        var faults = Faults(options).ToList();
        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static IEnumerable<string> Faults(CredentialsOptions options)
    {
        for (var i = 0; i < options.AllowedGoogleHosts.Count; i++)
        {
            if (!Host().IsMatch(options.AllowedGoogleHosts[i]))
                yield return $"{CredentialsOptions.AllowedGoogleHostsSetting}:{i} is \"{options.AllowedGoogleHosts[i]}\"; write a host such as sts.example.com, or .example.com for all below it.";
        }
        for (var i = 0; i < options.TokenFileDirectories.Count; i++)
        {
            if (!Directory().IsMatch(options.TokenFileDirectories[i]))
                yield return $"{CredentialsOptions.TokenFileDirectoriesSetting}:{i} is \"{options.TokenFileDirectories[i]}\"; write an absolute directory such as /var/run/tokens.";
        }
        var eks = options.EksRole;
        foreach (var fault in KeylessFaults(nameof(CredentialsOptions.EksRole), eks.DefaultAudience, eks.DefaultTokenExpirationSeconds, 600, eks.DefaultRegion))
            yield return fault;
        var wif = options.WorkloadIdentity;
        foreach (var fault in KeylessFaults(nameof(CredentialsOptions.WorkloadIdentity), wif.DefaultAudience, wif.DefaultTokenExpirationSeconds, 3600, wif.DefaultRegion))
            yield return fault;
    }

    private static IEnumerable<string> KeylessFaults(string section, string audience, int expiration, int minimum, string? region)
    {
        if (string.IsNullOrWhiteSpace(audience))
            yield return $"{CredentialsOptions.Section}:{section}:DefaultAudience is empty; write an audience or leave the setting out.";
        if (expiration < minimum || expiration > MaximumExpiration)
            yield return $"{CredentialsOptions.Section}:{section}:DefaultTokenExpirationSeconds is {expiration}; write {minimum} to {MaximumExpiration} seconds.";
        if (region is not null && !Region().IsMatch(region))
            yield return $"{CredentialsOptions.Section}:{section}:DefaultRegion is \"{region}\"; write a region's name or leave the setting out.";
    }

    [GeneratedRegex(@"^\.?[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Host();

    [GeneratedRegex(@"^(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+/?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Directory();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Region();
}
