using System.Text;
using System.Text.Json.Nodes;
using Kiban.Credentials.Api;
using Kiban.Credentials.Validation;

namespace Kiban.Credentials.Rendering;

/// <summary>Writes the keys that Kiban owns in a valid typed Secret, and nothing where they are right already.</summary>
internal static class SecretRenderer
{
    /// <summary>Renders into <paramref name="secret"/>.</summary>
    /// <param name="secret">The new Secret; changed in place.</param>
    /// <param name="old">The stored Secret, or null at creation.</param>
    /// <param name="type">Its type, one of ours.</param>
    /// <param name="data">Values of <paramref name="secret"/>, which have passed review.</param>
    /// <returns>Warnings to the author, where something of the author's was overwritten.</returns>
    public static IReadOnlyList<string> Render(JsonObject secret, JsonObject? old, string type, SecretData data)
    {
        // The server refuses any change to the data of a Secret that is immutable already.
        if (old?["immutable"] is JsonValue immutable && immutable.TryGetValue<bool>(out var isImmutable) && isImmutable)
            return [];

        var warnings = new List<string>();
        var stored = old is null ? null : SecretData.Of(old);
        foreach (var (key, desired) in Desired(type, data))
        {
            var isThere = data.TryGetText(key, out var present);
            if (isThere ? present == desired : desired is null && !data.Has(key))
                continue;
            if (data.Has(key) && (stored is null || !data.Equals(stored, [key])))
                warnings.Add($"{TextRules.Field(key)}: Kiban writes this key from the others; what you wrote there was replaced.");
            Set(secret, key, desired);
        }
        return warnings;
    }

    private static IEnumerable<(string Key, string? Desired)> Desired(string type, SecretData data)
    {
        if (type == CredentialsApi.Aws.SecretType)
        {
            yield return (CredentialsApi.Aws.RenderedCredentialsKey, AwsFiles.Credentials(data));
            yield return (CredentialsApi.Aws.RenderedConfigKey, AwsFiles.Config(data));
        }
        else
        {
            yield return (CredentialsApi.Gcp.RenderedProjectKey,
                data.TryGetText(CredentialsApi.Gcp.ProjectKey, out var project) ? project : GcpSecretRules.ProjectIdOf(data));
        }
    }

    private static void Set(JsonObject secret, string key, string? text)
    {
        if (secret["data"] is not JsonObject values)
            secret["data"] = values = [];
        if (text is null)
            values.Remove(key);
        else
            values[key] = Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
        // Where a review still carries stringData, it would win over what is rendered.
        (secret["stringData"] as JsonObject)?.Remove(key);
    }
}
