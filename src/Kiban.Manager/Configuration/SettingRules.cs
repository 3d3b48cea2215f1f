using System.Net;
using System.Text.RegularExpressions;

namespace Kiban.Manager.Configuration;

/// <summary>Rules that several settings share. Each answers with one sentence that names the setting, or null where all is well.</summary>
internal static partial class SettingRules
{
    public static string? Port(string setting, int port) =>
        port is > 0 and <= 65535 ? null : $"{setting} is {port}; it must be a port, 1 to 65535.";

    public static string? Address(string setting, string address) =>
        IPAddress.TryParse(address, out _) ? null : $"{setting} is '{address}'; it must be an IP address, such as 0.0.0.0, or :: for all.";

    public static string? ExistingFile(string setting, string? file) =>
        file is null || File.Exists(file) ? null : $"{setting} is '{file}'; there is no such file.";

    public static string? DnsLabel(string setting, string value) =>
        value.Length <= 63 && Label().IsMatch(value)
            ? null
            : $"{setting} is '{value}'; it must be a DNS label: up to 63 of a-z, 0-9 and '-', with a letter or digit at both ends.";

    public static string? DnsName(string setting, string value) =>
        value.Length <= 253 && value.Split('.').All(part => Label().IsMatch(part))
            ? null
            : $"{setting} is '{value}'; it must be a DNS name: up to 253 of a-z, 0-9, '-' and '.', each part with a letter or digit at both ends.";

    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?$")]
    private static partial Regex Label();
}
