using System.Threading.Channels;

namespace Kiban.Kubernetes.Admission;

/// <summary>Wakes one waiter; several signals before it looks are one.</summary>
internal sealed class ChangeSignal(TimeProvider time)
{
    private readonly Channel<bool> _set = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _set.Writer.TryWrite(true);

    /// <summary>Returns when the signal was set since the last wait, or at <paramref name="until"/> (null: only by a signal).</summary>
    public async Task WaitAsync(DateTimeOffset? until, CancellationToken cancellationToken)
    {
        if (until is not { } deadline)
        {
            await _set.Reader.ReadAsync(cancellationToken);
            return;
        }

        // A timer holds at most 49 days.
        var delay = TimeSpan.FromMilliseconds(Math.Clamp((deadline - time.GetUtcNow()).TotalMilliseconds, 0, TimeSpan.FromDays(1).TotalMilliseconds));
        using var timeout = new CancellationTokenSource(delay, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            await _set.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It is time to look even so.
        }
    }
}
