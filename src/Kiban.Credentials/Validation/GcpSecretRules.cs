using System.Text.Json;
using System.Text.RegularExpressions;
using Kiban.Credentials.Api;

namespace Kiban.Credentials.Validation;

/// <summary>
/// Rules for <see cref="CredentialsApi.Gcp.SecretType"/>: which kind of credential file it holds, and that Google's libraries could use it
/// (<see href="https://google.aip.dev/auth/4112"/>, <see href="https://google.aip.dev/auth/4117"/>).
/// </summary>
internal sealed partial class GcpSecretRules(CredentialsOptions options)
{
    private const int MaximumBytes = 64 * 1024;
    private const string WantedType = "use the key file of a service account (service_account) or a workload identity configuration (external_account)";

    private readonly ExternalAccountRules _externalAccount = new(options);

    public void Review(SecretData data, SecretReview review)
    {
        ReviewFile(data, review);
        if (TextRules.Word(data, CredentialsApi.Gcp.ProjectKey, 128, review) is { } project && !ProjectId().IsMatch(project))
        {
            review.Refuse(TextRules.Field(CredentialsApi.Gcp.ProjectKey), $"{TextRules.Count(project)} that are no project id",
                "write the project's id, 6 to 30 lower-case letters, digits and '-', not its display name");
        }
    }

    /// <summary>The <c>project_id</c> of a valid credential file; null where it has none.</summary>
    public static string? ProjectIdOf(SecretData data)
    {
        if (!data.TryGetText(CredentialsApi.Gcp.CredentialsKey, out var text))
            return null;
        using var document = JsonDocument.Parse(text);
        return document.RootElement.TryGetProperty("project_id", out var project) && project.ValueKind == JsonValueKind.String
            ? project.GetString()
            : null;
    }

    /// <summary>Whether the text is a project id, with or without the domain of old G Suite projects (<c>example.com:project</c>).</summary>
    public static bool IsProjectId(string text) => ProjectId().IsMatch(text);

    private void ReviewFile(SecretData data, SecretReview review)
    {
        var field = TextRules.Field(CredentialsApi.Gcp.CredentialsKey);
        if (!data.Has(CredentialsApi.Gcp.CredentialsKey))
            review.Refuse(field, "nothing", "this key is required: a service account's key file or an external_account configuration (--from-file=credentials.json=FILE)");
        else if (data.Length(CredentialsApi.Gcp.CredentialsKey) > MaximumBytes)
            review.Refuse(field, $"{data.Length(CredentialsApi.Gcp.CredentialsKey)} bytes", $"a credential file has at most {MaximumBytes}");
        else if (!data.TryGetText(CredentialsApi.Gcp.CredentialsKey, out var text))
            review.Refuse(field, $"{data.Length(CredentialsApi.Gcp.CredentialsKey)} bytes that are not UTF-8 text", "write the JSON file as Google issued it");
        else
            ReviewText(field, text, review);
    }

    private void ReviewText(string field, string text, SecretReview review)
    {
        if (text.Trim().Length == 0)
        {
            review.Refuse(field, "an empty file", "write the JSON file as Google issued it");
            return;
        }
        if (text[0] == '\uFEFF')
        {
            review.Refuse(field, "a byte order mark before the JSON", "save the file as UTF-8 without it: Google's libraries cannot read past it");
            return;
        }
        try
        {
            using var document = JsonDocument.Parse(text);
            ReviewDocument(field, document.RootElement, review);
        }
        catch (JsonException exception)
        {
            // The exception's own text quotes the offending character; only the place is told.
            review.Refuse(field, $"text that stops being JSON at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}",
                "write the JSON file as Google issued it");
        }
    }

    private void ReviewDocument(string field, JsonElement root, SecretReview review)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            review.Refuse(field, JsonFields.KindOf(root), "a credential file is a JSON object");
            return;
        }
        if (JsonFields.HasAmbiguousNames(root))
        {
            review.Refuse(field, "a field that is there twice (upper and lower case count as the same)", "keep one: libraries disagree which one counts");
            return;
        }
        var fields = new JsonFields(root, $"{field} $", review);
        var type = fields.Text("type", required: true, WantedType);
        switch (type)
        {
            case null:
                break;
            case "service_account":
                ServiceAccountKeyRules.Review(fields);
                break;
            case "external_account":
                _externalAccount.Review(fields);
                break;
            default:
                fields.Refuse("type", RefusedType(type), WantedType);
                break;
        }
    }

    private static string RefusedType(string type) => type switch
    {
        "authorized_user" => "authorized_user, a person's own login, which reaches all that the person reaches and ends with the account",
        "impersonated_service_account" => "impersonated_service_account, which holds another credential (mostly a person's own login) inside",
        "external_account_authorized_user" => "external_account_authorized_user, a person's own login by workforce federation",
        "gdch_service_account" => "gdch_service_account, which is for Google Distributed Cloud's own API",
        _ => $"an unknown type of {TextRules.Count(type)}",
    };

    [GeneratedRegex("^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]\\z", RegexOptions.CultureInvariant)]
    private static partial Regex ProjectId();
}
