using System.Net.Http.Headers;

namespace Kiban.Kubernetes.Connection;

/// <summary>Who we are for one request. Compared by reference: a renewed credential is another one.</summary>
internal sealed class Credential
{
    public static Credential None { get; } = new();

    public AuthenticationHeaderValue? Authorization { get; init; }

    public ClientCertificate? Certificate { get; init; }
}
