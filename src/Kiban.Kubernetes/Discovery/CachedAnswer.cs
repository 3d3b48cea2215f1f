namespace Kiban.Kubernetes.Discovery;

/// <summary>One answer, kept for a time; who asks meanwhile shares the question under way. A failure is not kept.</summary>
internal sealed class CachedAnswer<T>(TimeProvider time, TimeSpan lifetime)
{
    private readonly Lock _lock = new();
    private Task<T>? _answer;
    private long _askedAt;

    public Task<T> GetAsync(Func<CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_answer is null || _answer.IsFaulted || _answer.IsCanceled || time.GetElapsedTime(_askedAt) >= lifetime)
            {
                _askedAt = time.GetTimestamp();
                // Not with the caller's token: its end must not be that of the others who wait for the same answer.
                _answer = ask(CancellationToken.None);
            }

            return _answer.WaitAsync(cancellationToken);
        }
    }

    public void Forget()
    {
        lock (_lock)
        {
            _answer = null;
        }
    }
}
