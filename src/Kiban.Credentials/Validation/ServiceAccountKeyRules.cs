using System.Security.Cryptography;
using System.Text.RegularExpressions;

namespace Kiban.Credentials.Validation;

/// <summary>Rules for a Google service account's key file.</summary>
internal static partial class ServiceAccountKeyRules
{
    private const int GoogleKeyBits = 2048;

    public static void Review(JsonFields file)
    {
        if (file.Word("client_email", required: true, "write the service account's e-mail address") is { } email)
            ReviewEmail(file, email);
        if (file.Word("project_id", required: true, "write the id of the service account's project") is { } project && !GcpSecretRules.IsProjectId(project))
            file.Refuse("project_id", $"{TextRules.Count(project)} that are no project id", "write 6 to 30 lower-case letters, digits and '-'");
        if (file.Word("private_key_id", required: false, "write the key's id, or leave the field out") is null && !file.Has("private_key_id"))
            file.Warn("private_key_id", "it is absent; Google's own files have it.");
        ReviewUrl(file, "token_uri", required: true);
        ReviewUrl(file, "auth_uri", required: false);
        if (file.Text("private_key", required: true, "write the RSA private key in PEM form") is { } key)
            ReviewKey(file, key);
    }

    private static void ReviewEmail(JsonFields file, string email)
    {
        if (!Email().IsMatch(email))
            file.Refuse("client_email", $"{TextRules.Count(email)} that are no e-mail address", "write one like loader@project.iam.gserviceaccount.com");
        else if (!email.EndsWith(".gserviceaccount.com", StringComparison.Ordinal))
            file.Warn("client_email", "Google's service accounts end with .gserviceaccount.com; this one does not.");
    }

    private static void ReviewUrl(JsonFields file, string name, bool required)
    {
        const string Wanted = "write an https URL, such as https://oauth2.googleapis.com/token";
        if (file.Word(name, required, Wanted) is not { } text)
            return;
        if (GoogleEndpoint.Fault(text) is { } fault)
            file.Refuse(name, fault, Wanted);
        else if (!GoogleEndpoint.IsGoogleHost(new Uri(text).Host))
            file.Warn(name, "its host is not one of Google's; libraries send it tokens signed with the key.");
    }

    private static void ReviewKey(JsonFields file, string text)
    {
        const string Wanted = "write the RSA private key in PEM form, as in the file that Google issued";
        if (!text.Contains('\n', StringComparison.Ordinal) && text.Contains("\\n", StringComparison.Ordinal))
            file.Refuse("private_key", @"the two characters \ and n where line breaks should be", "the file was escaped twice; " + Wanted);
        else if (!PemEncoding.TryFind(text, out var pem))
            file.Refuse("private_key", text.Contains("-----BEGIN", StringComparison.Ordinal) ? "a PEM block that is damaged or cut off" : $"{TextRules.Count(text)} that are no PEM block", Wanted);
        else if (text.AsSpan()[pem.Label] is not ("PRIVATE KEY" or "RSA PRIVATE KEY"))
            file.Refuse("private_key", LabelFault(text.AsSpan()[pem.Label]), Wanted);
        else
            ImportKey(file, text, Wanted);
    }

    private static void ImportKey(JsonFields file, string text, string wanted)
    {
        using var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(text);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            file.Refuse("private_key", "a PEM block that cannot be read as an RSA private key", wanted);
            return;
        }
        if (rsa.KeySize < GoogleKeyBits)
            file.Refuse("private_key", $"an RSA key of {rsa.KeySize} bits", $"Google's keys have {GoogleKeyBits} or more");
    }

    private static string LabelFault(ReadOnlySpan<char> label) => label switch
    {
        "ENCRYPTED PRIVATE KEY" => "an encrypted private key, which nothing could decrypt inside a Pod",
        "EC PRIVATE KEY" => "an elliptic-curve key",
        "PUBLIC KEY" or "RSA PUBLIC KEY" => "a public key",
        "CERTIFICATE" => "a certificate",
        _ => "a PEM block that is no private key",
    };

    [GeneratedRegex(@"^[A-Za-z0-9._%+-]+@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)+\z", RegexOptions.CultureInvariant)]
    private static partial Regex Email();
}
