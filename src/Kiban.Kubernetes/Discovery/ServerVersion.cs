using System.Globalization;
using System.Text.Json.Nodes;

namespace Kiban.Kubernetes.Discovery;

/// <summary>Release of an API server, from <c>/version</c>.</summary>
/// <param name="Major">Major number.</param>
/// <param name="Minor">Minor number.</param>
/// <param name="GitVersion">The whole version, such as <c>v1.29.3-gke.1282001</c>.</param>
public sealed record ServerVersion(int Major, int Minor, string GitVersion)
{
    /// <summary>Whether this release is <c>major.minor</c> or newer.</summary>
    public bool IsAtLeast(int major, int minor) => (Major, Minor).CompareTo((major, minor)) >= 0;

    /// <inheritdoc/>
    public override string ToString() => GitVersion;

    /// <exception cref="FormatException">It is no answer of <c>/version</c>.</exception>
    internal static ServerVersion Parse(JsonNode? answer)
    {
        var gitVersion = (string?)answer?["gitVersion"] ?? throw new FormatException("The answer of /version has no gitVersion.");
        return new ServerVersion(Number("major"), Number("minor"), gitVersion);

        // Providers write "20+" or "27+" for builds of their own.
        int Number(string field) =>
            int.TryParse(((string?)answer![field])?.TrimEnd('+'), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number
                : throw new FormatException($"{field} in the answer of /version is '{answer[field]}', which is no number.");
    }
}
