using System.Text.Json.Nodes;
using Kiban.Credentials.Injection;

namespace Kiban.Credentials.Keyless;

/// <summary>Volumes with a projected ServiceAccount token, which the kubelet renews by itself.</summary>
internal static class TokenVolume
{
    public const string FileName = "token";

    /// <summary>The source of a volume with one token in it.</summary>
    /// <param name="audience">Whom the token is for.</param>
    /// <param name="expirationSeconds">How long it is valid.</param>
    public static JsonObject Source(string audience, int expirationSeconds) => new()
    {
        ["projected"] = new JsonObject
        {
            // For tokens the kubelet itself narrows the mode where the Pod has an fsGroup or one runAsUser.
            ["defaultMode"] = FileModes.ReadableByAll,
            ["sources"] = new JsonArray(new JsonObject
            {
                ["serviceAccountToken"] = new JsonObject
                {
                    ["audience"] = audience,
                    ["expirationSeconds"] = expirationSeconds,
                    ["path"] = FileName,
                },
            }),
        },
    };

    /// <summary>
    /// The lifetime that the Pod's annotation, else the ServiceAccount's, asks for, moved into what the issuer and the cloud accept;
    /// both upstream webhooks do the same, so a value out of range is warned about and not refused.
    /// </summary>
    public static int Expiration(string? ofPod, string? ofServiceAccount, string annotation, int byDefault, int minimum, List<string> warnings)
    {
        const int Maximum = 86400;
        if ((ofPod ?? ofServiceAccount) is not { } text)
            return byDefault;
        if (!int.TryParse(text, out var seconds))
        {
            warnings.Add($"annotation {annotation} is no number of seconds; {byDefault} is used.");
            return byDefault;
        }
        var taken = Math.Clamp(seconds, minimum, Maximum);
        if (taken != seconds)
            warnings.Add($"annotation {annotation} is not between {minimum} and {Maximum} seconds; {taken} is used.");
        return taken;
    }

    /// <summary>The containers of a comma-separated annotation.</summary>
    public static IReadOnlySet<string> Skipped(string? annotation) =>
        (annotation ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).ToHashSet();
}
