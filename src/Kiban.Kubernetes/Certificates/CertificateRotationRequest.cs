namespace Kiban.Kubernetes.Certificates;

/// <summary>What a person can ask for with the annotation <c>kiban.dev/rotate</c> on the Secret.</summary>
internal enum CertificateRotationRequest
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary><c>serving</c>: a new serving certificate of the same authority.</summary>
    Serving,

    /// <summary><c>authority</c>: a new authority, and a serving certificate of it, in overlapping steps.</summary>
    Authority,
}
