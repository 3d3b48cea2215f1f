using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Kiban.Kubernetes.Connection;

/// <summary>
/// How an API server is reached, whom it is trusted to be, and who we are to it. Made from a kubeconfig, from a Pod's service account,
/// or by hand. Files are read again when they change (tokens and certificates are rotated under a running program).
/// </summary>
public sealed class KubernetesConnection
{
    /// <summary>Address of the API server.</summary>
    public required Uri Server { get; init; }

    /// <summary>Namespace of the context or of the Pod; null where none is named.</summary>
    public string? Namespace { get; init; }

    /// <summary>The certificate authorities one of which must have signed the server's certificate; null: the machine's own list.</summary>
    public PemSource? CertificateAuthority { get; init; }

    /// <summary>Name that the server's certificate must bear and that is sent as SNI (and as Host), instead of the address's host.</summary>
    public string? TlsServerName { get; init; }

    /// <summary>Accept any certificate: whoever stands between can then read and change everything.</summary>
    public bool SkipTlsVerify { get; init; }

    /// <summary>Certificate to authenticate with, with its intermediates if any; needs <see cref="ClientKey"/>.</summary>
    public PemSource? ClientCertificate { get; init; }

    /// <summary>Private key of <see cref="ClientCertificate"/>: PKCS#8, PKCS#1 or SEC1.</summary>
    public PemSource? ClientKey { get; init; }

    /// <summary>Bearer token.</summary>
    public string? Token { get; init; }

    /// <summary>File with a bearer token, read again every minute and after a 401. Wins over <see cref="Token"/> while it can be read.</summary>
    public string? TokenFile { get; init; }

    /// <summary>User name for basic authentication.</summary>
    public string? Username { get; init; }

    /// <summary>Password for basic authentication.</summary>
    public string? Password { get; init; }

    /// <summary>Program that hands out a token or a client certificate.</summary>
    public ExecPluginOptions? ExecPlugin { get; init; }

    /// <summary>Whom requests are made as.</summary>
    public Impersonation? Impersonate { get; init; }

    /// <summary>Proxy (http, https or socks5); null: as HTTPS_PROXY, HTTP_PROXY and NO_PROXY say.</summary>
    public Uri? Proxy { get; init; }

    /// <summary>Do not ask for compressed answers: saves the server's processor where the network is fast.</summary>
    public bool DisableCompression { get; init; }

    /// <summary>How long a connection may be silent before the peer is asked whether it lives (by an HTTP/2 ping); at least a second.</summary>
    internal TimeSpan PingDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the peer may take to answer; then the connection is given up, with everything under way in it. At least a second.</summary>
    internal TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// The connection that this process is meant to use: the kubeconfig files in <c>KUBECONFIG</c>, or else the Pod's service account,
    /// or else <c>~/.kube/config</c>.
    /// </summary>
    /// <exception cref="KubernetesConnectionException">None of them is there, or one is not as it should be.</exception>
    public static KubernetesConnection FromEnvironment()
    {
        if (Environment.GetEnvironmentVariable("KUBECONFIG") is { Length: > 0 } list)
        {
            return FromKubeconfig(list.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries));
        }

        if (InClusterConnection.IsInCluster)
        {
            return InCluster();
        }

        var home = Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".kube", "config");
        return File.Exists(home)
            ? FromKubeconfig([home])
            : throw new KubernetesConnectionException(
                $"No cluster is configured: KUBECONFIG is not set, this is no Pod with a service account, and {home} does not exist.");
    }

    /// <summary>A context of one kubeconfig file.</summary>
    /// <param name="file">The file, which must exist.</param>
    /// <param name="context">Name of the context; null: the current one.</param>
    public static KubernetesConnection FromKubeconfig(string file, string? context = null) =>
        File.Exists(file)
            ? FromKubeconfig([file], context)
            : throw new KubernetesConnectionException($"The kubeconfig file {file} does not exist.");

    /// <summary>A context of several kubeconfig files, merged as kubectl merges them: the first that names a thing wins.</summary>
    /// <param name="files">The files; those that do not exist are passed over, as kubectl does.</param>
    /// <param name="context">Name of the context; null: the current one.</param>
    public static KubernetesConnection FromKubeconfig(IReadOnlyList<string> files, string? context = null) =>
        KubeconfigContext.Resolve(Kubeconfig.Load(files), context);

    /// <summary>The service account of the Pod this runs in.</summary>
    /// <exception cref="KubernetesConnectionException">This is no Pod, or its token is not mounted.</exception>
    public static KubernetesConnection InCluster() => InClusterConnection.Create();

    /// <summary>
    /// A handler that authenticates and sends requests. It owns its connections: one handler a program is enough.
    /// </summary>
    public HttpMessageHandler CreateHandler(TimeProvider? time = null, ILoggerFactory? logging = null) =>
        new ConnectionHandler(this, CredentialSource.Of(this, time ?? TimeProvider.System), (logging ?? NullLoggerFactory.Instance).CreateLogger<KubernetesConnection>());

    /// <summary>The server's address, and nothing else.</summary>
    public override string ToString() => Server.ToString();
}
