using Kiban.Credentials.Rendering;
using Kiban.Credentials.Validation;
using Kiban.Kubernetes.Admission;

namespace Kiban.Credentials.Admission;

/// <summary>Writes the rendered keys into typed Secrets. One that is invalid is left as it is: <see cref="SecretValidationHandler"/> refuses it.</summary>
internal sealed class SecretRenderingHandler(SecretRules rules) : IAdmissionHandler
{
    public AdmissionWebhook Webhook { get; } = new()
    {
        Path = "/mutate/secrets/credentials",
        Mutating = true,
        Entries = SecretWebhookEntries.For("render.secrets.credentials.kiban.dev"),
    };

    public ValueTask<AdmissionResponse> HandleAsync(AdmissionRequest request, CancellationToken cancellationToken)
    {
        if (request.Object is not { } secret || SecretRules.TypeOf(secret) is not { } type)
            return ValueTask.FromResult(AdmissionResponse.Allow());
        var data = SecretData.Of(secret);
        return ValueTask.FromResult(rules.Review(type, data).IsValid
            ? AdmissionResponse.Allow([.. SecretRenderer.Render(secret, request.OldObject, type, data)])
            : AdmissionResponse.Allow());
    }
}
