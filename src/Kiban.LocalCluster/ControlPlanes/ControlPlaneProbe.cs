using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Kiban.LocalCluster.Pki;
using Kiban.LocalCluster.Processes;

namespace Kiban.LocalCluster.ControlPlanes;

/// <summary>Asks the programs of a control plane how they are, over TLS that trusts nothing but the cluster's own authority.</summary>
internal sealed class ControlPlaneProbe : IDisposable
{
    private readonly ControlPlaneLayout _layout;
    private readonly HttpClient _cluster;
    private readonly HttpClient _etcd;
    private readonly ConcurrentDictionary<int, bool> _listening = new();

    public ControlPlaneProbe(ControlPlaneLayout layout)
    {
        _layout = layout;
        _cluster = CreateClient(layout.Pki.Authority, layout.Files.Administrator);
        _etcd = CreateClient(layout.Pki.EtcdAuthority, layout.Files.EtcdClient);
    }

    /// <summary>A client that authenticates itself with the certificate and trusts the authority only.</summary>
    public static HttpClient CreateClient(CertificateAuthority authority, CertificateFiles certificate)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = authority.TrustPolicy(),
                ClientCertificates = [X509Certificate2.CreateFromPemFile(certificate.CertificatePath, certificate.KeyPath)],
            },
        };
        return new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(10) };
    }

    /// <summary>etcd takes connections, though it may not answer them yet.</summary>
    public Task<bool> IsEtcdListeningAsync(CancellationToken cancellationToken) => IsListeningAsync(Local(_layout.Ports.EtcdClient, "/"), cancellationToken);

    /// <summary>etcd serves (it has elected itself and answers reads).</summary>
    public Task<bool> IsEtcdReadyAsync(CancellationToken cancellationToken) => IsOkAsync(_etcd, Local(_layout.Ports.EtcdClient, "/health"), cancellationToken);

    /// <summary>The API server says that it is ready.</summary>
    public Task<bool> IsApiServerReadyAsync(CancellationToken cancellationToken) => IsOkAsync(_cluster, new Uri(_layout.Server, "/readyz"), cancellationToken);

    /// <summary>
    /// The controller manager is healthy and has made the service account <c>default</c> of the namespace <c>default</c>: before that,
    /// Pods are refused.
    /// </summary>
    public async Task<bool> IsControllerManagerReadyAsync(CancellationToken cancellationToken) =>
        await IsOkAsync(_cluster, new Uri(_layout.Server, "/api/v1/namespaces/default/serviceaccounts/default"), cancellationToken)
        && await IsOkAsync(_cluster, Local(_layout.Ports.ControllerManager, "/healthz"), cancellationToken);

    /// <summary>The scheduler is healthy.</summary>
    public Task<bool> IsSchedulerReadyAsync(CancellationToken cancellationToken) => IsOkAsync(_cluster, Local(_layout.Ports.Scheduler, "/healthz"), cancellationToken);

    public void Dispose()
    {
        _cluster.Dispose();
        _etcd.Dispose();
    }

    private static Uri Local(int port, string path) => new UriBuilder(Uri.UriSchemeHttps, "127.0.0.1", port, path).Uri;

    // A server that was seen to listen is asked right away from then on: it logs connections that end before their handshake.
    private async Task<bool> IsListeningAsync(Uri uri, CancellationToken cancellationToken)
    {
        if (!_listening.ContainsKey(uri.Port) && await TcpPort.IsListeningAsync(new IPEndPoint(IPAddress.Parse(uri.Host), uri.Port), cancellationToken))
        {
            _listening.TryAdd(uri.Port, true);
        }

        return _listening.ContainsKey(uri.Port);
    }

    private async Task<bool> IsOkAsync(HttpClient client, Uri uri, CancellationToken cancellationToken)
    {
        if (!await IsListeningAsync(uri, cancellationToken))
        {
            return false;
        }

        using var response = await client.GetAsync(uri, cancellationToken);
        return response.StatusCode == HttpStatusCode.OK;
    }
}
