namespace Kiban.Kubernetes.Admission;

/// <summary>
/// The answer to a review. A mutating handler that allows has changed <see cref="AdmissionRequest.Object"/> in place;
/// the server computes the smallest RFC 6902 patch from it.
/// </summary>
public sealed record AdmissionResponse
{
    private AdmissionResponse(bool allowed) => Allowed = allowed;

    /// <summary>Whether the request may go on.</summary>
    public bool Allowed { get; }

    /// <summary>HTTP status code of a refusal.</summary>
    public int Code { get; private init; } = 200;

    /// <summary>One sentence for the person who asked: object, field, what was found, what would be right. Never a secret's value.</summary>
    public string? Message { get; private init; }

    /// <summary>Machine-readable reason of a refusal, such as <c>Invalid</c> or <c>Forbidden</c>.</summary>
    public string? Reason { get; private init; }

    /// <summary>Warnings that kubectl prints (Kubernetes 1.19 and later); each under 120 characters where possible.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>The request may go on.</summary>
    public static AdmissionResponse Allow(params IReadOnlyList<string> warnings) => new(true) { Warnings = warnings };

    /// <summary>The object is wrong (422).</summary>
    public static AdmissionResponse Invalid(string message) => new(false) { Code = 422, Reason = "Invalid", Message = message };

    /// <summary>The request is not permitted (403).</summary>
    public static AdmissionResponse Forbidden(string message) => new(false) { Code = 403, Reason = "Forbidden", Message = message };

    /// <summary>The review could not be made now (500); the webhook's failure policy decides only when no answer comes at all, so this refuses.</summary>
    public static AdmissionResponse InternalError(string message) => new(false) { Code = 500, Reason = "InternalError", Message = message };
}
