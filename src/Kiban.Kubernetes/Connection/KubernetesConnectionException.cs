namespace Kiban.Kubernetes.Connection;

/// <summary>
/// A connection cannot be made as it is configured: a kubeconfig file, the environment, a certificate or an exec plugin is not as it
/// should be. The message is one sentence for the person who can put it right, and holds no secret.
/// </summary>
public sealed class KubernetesConnectionException : Exception
{
    /// <summary>Creates the exception.</summary>
    public KubernetesConnectionException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
