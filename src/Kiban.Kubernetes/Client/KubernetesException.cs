using System.Net;
using k8s.Models;

namespace Kiban.Kubernetes.Client;

/// <summary>A refusal by the API server, with the <c>Status</c> it sent.</summary>
public sealed class KubernetesException : Exception
{
    /// <summary>Creates the exception from what the server answered.</summary>
    /// <param name="code">HTTP status code.</param>
    /// <param name="status">The <c>metav1.Status</c> of the answer, where it was one.</param>
    /// <param name="request">Method and path, for the message; never headers or bodies.</param>
    public KubernetesException(HttpStatusCode code, V1Status? status, string request)
        : base($"{request}: {(int)code} {status?.Reason ?? code.ToString()}: {status?.Message ?? "(no message)"}")
    {
        Code = code;
        Status = status;
    }

    /// <summary>HTTP status code, also where it came inside a watch event.</summary>
    public HttpStatusCode Code { get; }

    /// <summary>The server's own words, where it sent a <c>Status</c>.</summary>
    public V1Status? Status { get; }

    /// <summary>The object (or its kind) does not exist.</summary>
    public bool IsNotFound => Code == HttpStatusCode.NotFound;

    /// <summary>Somebody else wrote first, or the object exists already.</summary>
    public bool IsConflict => Code == HttpStatusCode.Conflict;

    /// <summary>The resource version asked for is compacted; list anew.</summary>
    public bool IsGone => Code == HttpStatusCode.Gone;

    /// <summary>How long the server asks to wait (<c>Retry-After</c> or <c>details.retryAfterSeconds</c>).</summary>
    public TimeSpan? RetryAfter { get; init; }
}
