namespace Kiban.Kubernetes.Caching;

/// <summary>Cancelled with a token, or when its time is up, whichever comes first; the time can be set anew by <c>CancelAfter</c>.</summary>
internal sealed class LinkedTimeout : CancellationTokenSource
{
    private readonly CancellationTokenRegistration _registration;

    public LinkedTimeout(TimeSpan delay, TimeProvider time, CancellationToken cancellationToken)
        : base(delay, time) => _registration = cancellationToken.UnsafeRegister(static source => ((LinkedTimeout)source!).Cancel(), this);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _registration.Dispose();
        base.Dispose(disposing);
    }
}
