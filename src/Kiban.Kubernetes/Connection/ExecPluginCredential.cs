namespace Kiban.Kubernetes.Connection;

/// <summary>Keeps what an exec plugin handed out until it expires or the server refuses it; the plugin never runs twice at once.</summary>
internal sealed class ExecPluginCredential(ExecPlugin plugin, TimeProvider time) : CredentialSource, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile ExecCredential? _current;

    public override async ValueTask<Credential> GetAsync(CancellationToken cancellationToken)
    {
        if (Valid() is { } cached)
        {
            return cached;
        }

        await _turn.WaitAsync(cancellationToken);
        try
        {
            return Valid() ?? (_current = await plugin.RunAsync(cancellationToken)).Credential;
        }
        finally
        {
            _turn.Release();
        }
    }

    public override async ValueTask<Credential?> RenewAsync(Credential refused, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (ReferenceEquals(_current?.Credential, refused))
            {
                _current = await plugin.RunAsync(cancellationToken);
            }

            return _current?.Credential;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private Credential? Valid() => _current is { } current && !(current.Expires <= time.GetUtcNow()) ? current.Credential : null;
}
