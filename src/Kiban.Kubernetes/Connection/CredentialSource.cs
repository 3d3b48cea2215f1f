using System.Net.Http.Headers;
using System.Text;

namespace Kiban.Kubernetes.Connection;

/// <summary>Where credentials come from, and where newer ones come from when the server no longer takes them.</summary>
internal abstract class CredentialSource
{
    /// <summary>The credential to use now.</summary>
    /// <exception cref="KubernetesConnectionException">There is none.</exception>
    public abstract ValueTask<Credential> GetAsync(CancellationToken cancellationToken);

    /// <summary>A credential newer than <paramref name="refused"/>, which the server answered with 401; null when there is no other.</summary>
    public virtual ValueTask<Credential?> RenewAsync(Credential refused, CancellationToken cancellationToken) => ValueTask.FromResult<Credential?>(null);

    public static CredentialSource Of(KubernetesConnection connection, TimeProvider time)
    {
        // As kubectl: what authenticates is never sent in the clear.
        if (connection.Server.Scheme != Uri.UriSchemeHttps)
        {
            return new FixedCredential(Credential.None);
        }

        if (connection.ExecPlugin is { } plugin)
        {
            return new ExecPluginCredential(new ExecPlugin(plugin, connection), time);
        }

        return connection switch
        {
            { ClientCertificate: not null, ClientKey: null } => throw new KubernetesConnectionException("A client certificate is configured without a client key."),
            { ClientCertificate: null, ClientKey: not null } => throw new KubernetesConnectionException("A client key is configured without a client certificate."),
            _ when connection.TokenFile is not null || connection.ClientCertificate?.File is not null || connection.ClientKey?.File is not null =>
                new FileCredential(connection, time),
            _ => new FixedCredential(FileCredential.Read(connection)),
        };
    }

    public static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);

    public static AuthenticationHeaderValue Basic(string username, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{username}:{password}")));

    private sealed class FixedCredential(Credential credential) : CredentialSource
    {
        public override ValueTask<Credential> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(credential);
    }
}
