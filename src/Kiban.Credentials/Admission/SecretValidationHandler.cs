using System.Text.Json.Nodes;
using Kiban.Credentials.Validation;
using Kiban.Kubernetes.Admission;

namespace Kiban.Credentials.Admission;

/// <summary>Refuses typed Secrets that could not work, with every mistake in one answer.</summary>
internal sealed class SecretValidationHandler(SecretRules rules) : IAdmissionHandler
{
    public AdmissionWebhook Webhook { get; } = new()
    {
        Path = "/validate/secrets/credentials",
        Mutating = false,
        Entries = SecretWebhookEntries.For("validate.secrets.credentials.kiban.dev"),
    };

    public ValueTask<AdmissionResponse> HandleAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Object is not { } secret || SecretRules.TypeOf(secret) is not { } type)
            return ValueTask.FromResult(AdmissionResponse.Allow());
        var data = SecretData.Of(secret);
        var review = rules.Review(type, data);
        if (review.IsValid)
            return ValueTask.FromResult(AdmissionResponse.Allow([.. review.Warnings]));
        var text = review.Text(ObjectName.Of(request));
        // A Secret that was stored while nobody checked must still take a label, lose its finalizer and be collected. (A warning is an HTTP
        // header, which has no lines.)
        return ValueTask.FromResult(HasSameInput(request.OldObject, type, data)
            ? AdmissionResponse.Allow([text.ReplaceLineEndings(" "), .. review.Warnings])
            : AdmissionResponse.Invalid(text) with { Warnings = review.Warnings });
    }

    private static bool HasSameInput(JsonObject? old, string type, SecretData data) =>
        old is not null && data.Equals(SecretData.Of(old), SecretRules.InputKeys(type));
}
