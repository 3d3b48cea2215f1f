using System.Text.RegularExpressions;
using Kiban.EndToEnd.Cluster;

namespace Kiban.EndToEnd.Documentation;

/// <summary>The Kubernetes manifests in the project's Markdown pages.</summary>
internal static partial class DocumentedManifests
{
    /// <summary>Pages with manifests, as paths below the repository's root.</summary>
    public static IEnumerable<string> Pages() =>
        Directory.EnumerateFiles(Path.Combine(KibanProgram.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Append(Path.Combine(KibanProgram.Root, "README.md"))
            .Where(page => Manifests(File.ReadAllText(page)).Any())
            .Select(page => Path.GetRelativePath(KibanProgram.Root, page))
            .Order(StringComparer.Ordinal);

    /// <summary>The page's manifests in their order; other YAML (settings, patches) is passed over.</summary>
    public static IEnumerable<string> Manifests(string page) =>
        YamlBlock().Matches(page)
            .Select(block => block.Groups["yaml"].Value)
            .Where(yaml => Kind().IsMatch(yaml) && ApiVersion().IsMatch(yaml) && !yaml.Contains("kind: Kustomization", StringComparison.Ordinal));

    /// <summary>Names of the Secrets that the page has its reader make of Google's key file <c>key.json</c>.</summary>
    public static IEnumerable<string> SecretsOfKeyFiles(string page) =>
        SecretOfKeyFile().Matches(page).Select(command => command.Groups["name"].Value);

    [GeneratedRegex(@"kubectl create secret generic (?<name>\S+) --type=kiban\.dev/gcp-credentials --from-file=credentials\.json=key\.json")]
    private static partial Regex SecretOfKeyFile();

    [GeneratedRegex(@"^```ya?ml[^\n]*\n(?<yaml>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex YamlBlock();

    [GeneratedRegex(@"^kind: ", RegexOptions.Multiline)]
    private static partial Regex Kind();

    [GeneratedRegex(@"^apiVersion: ", RegexOptions.Multiline)]
    private static partial Regex ApiVersion();
}
