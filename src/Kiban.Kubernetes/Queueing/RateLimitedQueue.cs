using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Kiban.Kubernetes.Observability;

namespace Kiban.Kubernetes.Queueing;

/// <summary>
/// The work queue of a controller. It holds keys, not objects: a key added many times before a worker takes it is handed out once.
/// A key is never in two hands: added while a worker has it, it is handed out again after <see cref="Done"/>. Behaves as client-go's
/// <see href="https://github.com/kubernetes/client-go/tree/master/util/workqueue">workqueue</see>. Thread-safe; waits without polling.
/// </summary>
/// <typeparam name="TKey">A value with equality, such as a namespaced name.</typeparam>
public sealed class RateLimitedQueue<TKey> : IDisposable
    where TKey : notnull
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(40);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly WorkqueueRecorder? _recorder;
    private readonly KeyBackoff<TKey> _backoff;
    private readonly TokenBucket _bucket;
    private readonly ITimer _timer;
    private readonly DelayedKeys<TKey> _delayed = new();

    // A key stands in _ready exactly while it is in _waiting and not in _working.
    private readonly Channel<TKey> _ready = Channel.CreateUnbounded<TKey>();
    private readonly Dictionary<TKey, long> _waiting = [];
    private readonly Dictionary<TKey, long> _working = [];
    private bool _shutDown;

    /// <summary>Creates an empty queue.</summary>
    /// <param name="name">Its name in the metrics.</param>
    /// <param name="options">How fast failed keys come back.</param>
    /// <param name="time">Clock of all delays.</param>
    /// <param name="metrics">Where it is measured; null: nowhere.</param>
    /// <exception cref="ArgumentException">A setting cannot work; the message names every one.</exception>
    public RateLimitedQueue(string name, QueueOptions options, TimeProvider time, WorkqueueMetrics? metrics = null)
    {
        if (options.Validate().ToArray() is { Length: > 0 } faults)
            throw new ArgumentException(string.Join(' ', faults), nameof(options));
        _time = time;
        _recorder = metrics?.ForQueue(name, ReadState);
        _backoff = new KeyBackoff<TKey>(options.BaseDelay, options.MaxDelay);
        _bucket = new TokenBucket(options.RetriesPerSecond, options.RetryBurst, time);
        _timer = time.CreateTimer(static queue => ((RateLimitedQueue<TKey>)queue!).AddDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Keys that wait for a worker, those that were added again while a worker has them included.</summary>
    public int Depth { get { lock (_gate) return _waiting.Count; } }

    /// <summary>Keys that workers have in hand.</summary>
    public int Working { get { lock (_gate) return _working.Count; } }

    /// <summary>Keys that wait for their time.</summary>
    public int Delayed { get { lock (_gate) return _delayed.Count; } }

    /// <summary>Completes when the queue was shut down and every key that was waiting or in work is done.</summary>
    public Task Completion => _ready.Reader.Completion;

    /// <summary>Adds a key. Nothing happens when it waits already, or after <see cref="ShutDown"/>.</summary>
    public void Add(TKey key)
    {
        lock (_gate)
            AddUnderLock(key);
    }

    /// <summary>Adds a key when <paramref name="delay"/> has passed. Of several delays of one key the one that ends first counts.</summary>
    public void AddAfter(TKey key, TimeSpan delay)
    {
        lock (_gate)
            AddAfterUnderLock(key, delay);
    }

    /// <summary>Adds a key after its own back-off, or later where retries over all keys come too fast.</summary>
    public void AddRateLimited(TKey key)
    {
        lock (_gate)
        {
            if (_shutDown)
                return;
            var own = _backoff.Next(key);
            var global = _bucket.Reserve();
            _recorder?.Retried();
            AddAfterUnderLock(key, own > global ? own : global);
        }
    }

    /// <summary>Sets a key's back-off back to the beginning. Does not take it out of the queue.</summary>
    public void Forget(TKey key)
    {
        lock (_gate)
            _backoff.Forget(key);
    }

    /// <summary>How often a key was added by <see cref="AddRateLimited"/> since it was last forgotten.</summary>
    public int Retries(TKey key)
    {
        lock (_gate)
            return _backoff.Failures(key);
    }

    /// <summary>Waits until a key can be taken; false when the queue is shut down and drained.</summary>
    public ValueTask<bool> WaitToTakeAsync(CancellationToken cancellationToken) => _ready.Reader.WaitToReadAsync(cancellationToken);

    /// <summary>Takes a key if one is there. Whoever takes a key must give it back by <see cref="Done"/>.</summary>
    public bool TryTake([MaybeNullWhen(false)] out TKey key)
    {
        lock (_gate)
        {
            if (!_ready.Reader.TryRead(out key))
                return false;
            var now = _time.GetTimestamp();
            _waiting.Remove(key, out var since);
            _working.Add(key, now);
            _recorder?.Taken(_time.GetElapsedTime(since, now));
            return true;
        }
    }

    /// <summary>Takes keys as they come, until the queue is shut down and drained. Each must be given back by <see cref="Done"/>.</summary>
    public async IAsyncEnumerable<TKey> TakeAllAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await WaitToTakeAsync(cancellationToken))
        {
            while (!cancellationToken.IsCancellationRequested && TryTake(out var key))
                yield return key;
        }
    }

    /// <summary>Gives a key back. If it was added meanwhile, it waits again.</summary>
    /// <exception cref="InvalidOperationException">Nobody has the key in hand.</exception>
    public void Done(TKey key)
    {
        lock (_gate)
        {
            if (!_working.Remove(key, out var since))
                throw new InvalidOperationException($"Key {key} was given back to the queue, but nobody had taken it.");
            _recorder?.Done(_time.GetElapsedTime(since));
            if (_waiting.ContainsKey(key))
                _ready.Writer.TryWrite(key);
            else
                CompleteIfDrained();
        }
    }

    /// <summary>Takes no more keys and drops the delayed ones. Those that wait are still handed out.</summary>
    public void ShutDown()
    {
        lock (_gate)
        {
            _shutDown = true;
            _delayed.Clear();
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            CompleteIfDrained();
        }
    }

    /// <summary>Shuts the queue down and waits until the workers have done all that was waiting or in work.</summary>
    public Task DrainAsync(CancellationToken cancellationToken)
    {
        ShutDown();
        return Completion.WaitAsync(cancellationToken);
    }

    /// <summary>Shuts the queue down at once: keys that wait are dropped.</summary>
    public void Dispose()
    {
        ShutDown();
        lock (_gate)
        {
            while (_ready.Reader.TryRead(out var dropped))
                _waiting.Remove(dropped);
            _ready.Writer.TryComplete();
        }
        _timer.Dispose();
        _recorder?.Dispose();
    }

    internal WorkqueueState ReadState()
    {
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            var (sum, longest) = (TimeSpan.Zero, TimeSpan.Zero);
            foreach (var since in _working.Values)
            {
                var elapsed = _time.GetElapsedTime(since, now);
                sum += elapsed;
                longest = elapsed > longest ? elapsed : longest;
            }
            return new WorkqueueState(_waiting.Count, sum, longest);
        }
    }

    private void AddUnderLock(TKey key)
    {
        if (_shutDown || !_waiting.TryAdd(key, _time.GetTimestamp()))
            return;
        _recorder?.Added();
        if (!_working.ContainsKey(key))
            _ready.Writer.TryWrite(key);
    }

    private void AddAfterUnderLock(TKey key, TimeSpan delay)
    {
        if (_shutDown)
            return;
        if (delay <= TimeSpan.Zero)
        {
            AddUnderLock(key);
            return;
        }
        var stamps = Math.Ceiling(delay.Ticks * (_time.TimestampFrequency / (double)TimeSpan.TicksPerSecond));
        var due = _time.GetTimestamp() + (long)Math.Min(stamps, long.MaxValue / 2.0);
        _delayed.Schedule(key, due);
        ArmTimer();
    }

    private void AddDue()
    {
        lock (_gate)
        {
            if (_shutDown)
                return;
            var now = _time.GetTimestamp();
            while (_delayed.TryPopDue(now, out var key))
                AddUnderLock(key);
            ArmTimer();
        }
    }

    private void ArmTimer()
    {
        if (!_delayed.TryGetNext(out var due))
            return;

        // Timers count whole milliseconds: rounded down, the timer would fire early and again and again until the key is due.
        var milliseconds = Math.Ceiling(Math.Max(0, _time.GetElapsedTime(_time.GetTimestamp(), due).TotalMilliseconds));
        _timer.Change(TimeSpan.FromMilliseconds(Math.Min(milliseconds, LongestTimer.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
    }

    private void CompleteIfDrained()
    {
        if (_shutDown && _waiting.Count == 0 && _working.Count == 0)
            _ready.Writer.TryComplete();
    }
}
