using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using k8s.Models;
using Kiban.Kubernetes.Certificates;
using Kiban.Kubernetes.Client;

namespace Kiban.Kubernetes.Admission.Registration;

/// <summary>
/// Whether a call by the API server would be answered, asked before the first registration: from then on a webhook that fails closed
/// refuses whatever it is meant for until somebody answers.
/// </summary>
internal sealed class AdmissionReachability(IKubernetesClient client, AdmissionOptions options, TimeProvider time)
{
    public async Task<bool> IsServedAsync(CertificateState certificates, CancellationToken cancellationToken) =>
        options.Url is { } url
            ? await AnswersAsync(url, new TrustBundle(certificates.Trusted), cancellationToken)
            : await HasReadyAddressAsync(cancellationToken);

    /// <summary>
    /// A replica is ready only when what it serves chains to what is (or will be) registered, so one ready address is the proof wanted.
    /// The Service itself is not called: a Pod often cannot reach itself through it.
    /// </summary>
    private async Task<bool> HasReadyAddressAsync(CancellationToken cancellationToken)
    {
        var endpoints = await client.FindAsync<V1Endpoints>(options.ServiceName, options.Namespace, cancellationToken);
        return endpoints?.Subsets?.Any(subset => subset.Addresses is { Count: > 0 }) == true;
    }

    private async Task<bool> AnswersAsync(Uri url, TrustBundle trust, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(5), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var socket = new TcpClient();
            await socket.ConnectAsync(url.IdnHost.Trim('[', ']'), url.Port, either.Token);
            await using var tls = new SslStream(socket.GetStream());
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = url.IdnHost.Trim('[', ']'),
                    RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                        certificate is X509Certificate2 leaf && trust.Accepts(leaf, url.IdnHost.Trim('[', ']'), time.GetUtcNow()),
                },
                either.Token);
            return true;
        }
        catch (Exception failure) when (failure is SocketException or IOException or System.Security.Authentication.AuthenticationException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }
}
