namespace Kiban.Kubernetes.Connection;

/// <summary>
/// Token, client certificate and key from files that somebody else rotates (kubelet, cert-manager): read again once a minute,
/// and at once when the server refuses what was read before.
/// </summary>
internal sealed class FileCredential(KubernetesConnection connection, TimeProvider time) : CredentialSource
{
    /// <summary>Kubelet replaces tokens at 80 % of a life of at least ten minutes, so a minute is early enough.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private Credential? _current;
    private string? _content;
    private long _readAt;

    public override ValueTask<Credential> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_current is null || time.GetElapsedTime(_readAt) >= Lifetime)
            {
                Refresh();
            }

            return ValueTask.FromResult(_current!);
        }
    }

    public override ValueTask<Credential?> RenewAsync(Credential refused, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (ReferenceEquals(_current, refused))
            {
                Refresh();
            }

            return ValueTask.FromResult(ReferenceEquals(_current, refused) ? null : _current);
        }
    }

    /// <summary>The credential as the connection's values and files have it now.</summary>
    public static Credential Read(KubernetesConnection connection) => Create(connection, ReadFiles(connection));

    private void Refresh()
    {
        _readAt = time.GetTimestamp();
        Files files;
        try
        {
            files = ReadFiles(connection);
        }
        catch (KubernetesConnectionException) when (_current is not null)
        {
            // A file that is being replaced may be missing for a moment: what was read last is good for now.
            return;
        }

        if (_current is not null && files.Content == _content)
        {
            return;
        }

        try
        {
            _current = Create(connection, files);
            _content = files.Content;
        }
        catch (KubernetesConnectionException) when (_current is not null)
        {
            // Certificate and key are replaced one after the other: between the two they do not belong together.
        }
    }

    private static Files ReadFiles(KubernetesConnection connection)
    {
        var token = connection.Token;
        if (connection.TokenFile is { } tokenFile)
        {
            try
            {
                var text = File.ReadAllText(tokenFile).Trim();
                token = text.Length > 0 ? text : token ?? throw new KubernetesConnectionException($"The token file {tokenFile} is empty.");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                token = token ?? throw new KubernetesConnectionException($"The token file {tokenFile} cannot be read: {e.Message}", e);
            }
        }

        return new Files(token, connection.ClientCertificate?.Read(), connection.ClientKey?.Read());
    }

    private static Credential Create(KubernetesConnection connection, Files files) => new()
    {
        Authorization = files.Token is { Length: > 0 } token ? Bearer(token)
            : connection.Username is { Length: > 0 } username ? Basic(username, connection.Password ?? "")
            : null,
        Certificate = files is { Certificate: { } certificate, Key: { } key }
            ? ClientCertificate.Load(certificate, key, connection.ClientCertificate!.File ?? "the kubeconfig")
            : null,
    };

    private sealed record Files(string? Token, string? Certificate, string? Key)
    {
        public string Content => $"{Token}\n{Certificate}\n{Key}";
    }
}
