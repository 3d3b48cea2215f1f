using Microsoft.Extensions.Time.Testing;

namespace Kiban.Kubernetes.Tests.Leases;

/// <summary>
/// A process in virtual time: all its code runs on one event loop, and its timers fire there. While it is paused (SIGSTOP, a stopped virtual
/// machine) nothing of it runs, but time goes on around it. Its wall clock may be wrong.
/// </summary>
internal sealed class SimulatedProcess(FakeTimeProvider world, string name) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly Queue<Action> _work = new();

    public string Name { get; } = name;

    public bool IsPaused { get; set; }

    public bool HasExited { get; set; }

    public TimeSpan WallClockError { get; set; }

    public override long TimestampFrequency => world.TimestampFrequency;

    public override long GetTimestamp() => world.GetTimestamp();

    public override DateTimeOffset GetUtcNow() => world.GetUtcNow() + WallClockError;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        world.CreateTimer(_ => Post(() => callback(state)), null, dueTime, period);

    /// <summary>Begins a piece of asynchronous code on the loop.</summary>
    public void Start(Func<Task> code) => Post(() => code());

    /// <summary>Runs what is ready; true when there was anything.</summary>
    public bool RunReady()
    {
        var ran = false;
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Loop(this));
        try
        {
            while (!IsPaused && !HasExited && TryNext(out var next))
            {
                ran = true;
                next();
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
        return ran;
    }

    private void Post(Action action)
    {
        lock (_gate)
            _work.Enqueue(action);
    }

    private bool TryNext(out Action next)
    {
        lock (_gate)
            return _work.TryDequeue(out next!);
    }

    private sealed class Loop(SimulatedProcess process) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) => process.Post(() => d(state));

        public override SynchronizationContext CreateCopy() => new Loop(process);
    }
}
