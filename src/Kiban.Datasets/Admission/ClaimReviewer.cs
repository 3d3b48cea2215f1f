using Kiban.Datasets.Api;
using Kiban.Datasets.Declaring;
using Kiban.Kubernetes.Discovery;

namespace Kiban.Datasets.Admission;

/// <summary>Reviews claims, and templates of them, against the rules and against the Secrets and the server as they are now.</summary>
internal sealed class ClaimReviewer(DatasetObjects objects, ServerCapabilities capabilities)
{
    public async ValueTask<ClaimReview> ReviewAsync(string space, ClaimDocument claim, CancellationToken cancellationToken)
    {
        var request = DatasetRequest.Read(claim.Annotations, out var annotationMistakes);
        var mistakes = new List<string>(annotationMistakes);
        if (!claim.IsDataset)
            return new ClaimReview(mistakes, []);

        // Only a claim for one Pod depends on what the server can do; no other has to wait for that answer.
        var hasGates = !claim.Spec.IsForOnePod || await capabilities.HasAsync(ServerCapability.SchedulingGates, cancellationToken);
        mistakes.AddRange(ClaimRules.Mistakes(claim.Spec, claim.Wait, hasGates));
        if (request is null)
            return new ClaimReview(mistakes, []);

        var secrets = new List<CredentialSecret?>();
        foreach (var name in request.Credentials)
            secrets.Add(await objects.FindSecretAsync(space, name, cancellationToken));
        mistakes.AddRange(SecretRules.Mistakes(space, request, secrets));
        return new ClaimReview(mistakes, [.. SecretRules.Warnings(request, secrets)]);
    }
}
