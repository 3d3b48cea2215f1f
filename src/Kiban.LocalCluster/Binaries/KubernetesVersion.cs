using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Kiban.LocalCluster.Binaries;

/// <summary>A release of Kubernetes, such as v1.20.2 or v1.36.0-rc.1.</summary>
/// <param name="Major">1.</param>
/// <param name="Minor">What decides flags and features.</param>
/// <param name="Patch">Patch level.</param>
/// <param name="Suffix">What follows the numbers: pre-release and build, with its leading mark, or nothing.</param>
public sealed partial record KubernetesVersion(int Major, int Minor, int Patch, string Suffix = "")
{
    /// <summary>Reads <c>v1.20.2</c>, <c>1.20.2</c> or <c>Kubernetes v1.20.2</c> (as <c>--version</c> prints).</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out KubernetesVersion? version)
    {
        var match = Pattern().Match(text ?? "");
        version = match.Success
            ? new KubernetesVersion(Number(match, 1), Number(match, 2), Number(match, 3), match.Groups[4].Value)
            : null;
        return match.Success;
    }

    /// <summary>Reads a version.</summary>
    /// <exception cref="LocalClusterException">The text is none.</exception>
    public static KubernetesVersion Parse(string text) =>
        TryParse(text, out var version) ? version : throw new LocalClusterException($"'{text}' is not a Kubernetes version; one looks like v1.20.2.");

    /// <summary>True for this minor release and every later one.</summary>
    public bool IsAtLeast(int major, int minor) => Major > major || (Major == major && Minor >= minor);

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"v{Major}.{Minor}.{Patch}{Suffix}");

    private static int Number(Match match, int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*(?:Kubernetes )?v?(\d{1,4})\.(\d{1,4})\.(\d{1,6})((?:[-+][0-9A-Za-z.+-]+)?)\s*$")]
    private static partial Regex Pattern();
}
