using System.Text.Json.Nodes;
using Kiban.Credentials.Api;
using Kiban.Credentials.Injection;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Client;

namespace Kiban.Credentials.Admission;

/// <summary>Reads what the Pod under review asks for, and looks up the Secrets it names.</summary>
internal sealed class PodCredentials(CredentialObjects objects, CredentialsOptions options)
{
    /// <summary>What the Pod asks for; null where it asks for nothing.</summary>
    /// <param name="review">The review of the Pod.</param>
    /// <param name="live">Read the ServiceAccount from the server, because by the cache's word the Pod would be refused.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async ValueTask<CredentialRequest?> RequestOfAsync(AdmissionRequest review, bool live, CancellationToken cancellationToken)
    {
        if (review.Kind != "Pod" || review.Namespace is not { } space || review.Object is not { } pod || pod["spec"] is not JsonObject
            || PodDocument.IsMirror(pod))
        {
            return null;
        }
        var account = await objects.FindServiceAccountAsync(space, PodDocument.ServiceAccount(pod), live, cancellationToken);
        var request = CredentialRequest.Of(pod, account, options);
        return request.IsEmpty ? null : request;
    }

    /// <summary>Why the Pod cannot have what it asks for, whatever the Secrets are; null where nothing speaks against it.</summary>
    public static AdmissionResponse? Refusal(AdmissionRequest review, JsonObject pod, CredentialRequest request)
    {
        if (request.Mistakes.Count > 0)
            return AdmissionResponse.Invalid($"Pod \"{ObjectName.Of(review)}\": {string.Join("; ", request.Mistakes)}.") with { Warnings = request.Warnings };
        if (PodDocument.IsWindows(pod))
        {
            return AdmissionResponse.Forbidden($"Pod \"{ObjectName.Of(review)}\" asks for credentials but runs on Windows, where Kiban cannot inject them; "
                + $"write \"{CredentialsApi.None}\" in its annotations {CredentialsApi.Aws.Annotation} and {CredentialsApi.Gcp.Annotation}.");
        }
        return null;
    }

    /// <summary>Everything that is to be injected, and the sentences of those Secrets that cannot be used.</summary>
    public async ValueTask<(IReadOnlyList<CredentialInjection> Injections, IReadOnlyList<string> Refusals)> InjectionsOfAsync(
        string space, CredentialRequest request, CancellationToken cancellationToken)
    {
        var injections = new List<CredentialInjection>();
        var refusals = new List<string>();
        if (request.Aws is { } aws)
        {
            var secret = await objects.FindAwsSecretAsync(space, aws.Name, SecretUse.IsUsableForAws, cancellationToken);
            if (SecretUse.AwsRefusal(space, aws, secret) is { } refusal)
                refusals.Add(refusal);
            else
                injections.Add(AwsSecretInjection.Of(aws.Name, secret!.Keys.ToHashSet()));
        }
        if (request.Gcp is { } gcp)
        {
            var secret = await objects.FindGcpSecretAsync(space, gcp.Name, SecretUse.IsUsableForGcp, cancellationToken);
            if (SecretUse.GcpRefusal(space, gcp, secret) is { } refusal)
                refusals.Add(refusal);
            else
                injections.Add(GcpSecretInjection.Of(gcp.Name, secret!.Keys.ToHashSet()));
        }
        injections.AddRange(request.Keyless);
        return (injections, refusals);
    }

    /// <summary>What must be in the Pod whatever keys the Secrets have; needs no look-up.</summary>
    public static IReadOnlyList<CredentialInjection> LeastInjectionsOf(CredentialRequest request)
    {
        var injections = new List<CredentialInjection>(request.Keyless);
        if (request.Aws is { } aws)
            injections.Add(AwsSecretInjection.Of(aws.Name, []));
        if (request.Gcp is { } gcp)
            injections.Add(GcpSecretInjection.Of(gcp.Name, []));
        return injections;
    }
}
