using CsCheck;
using Kiban.Kubernetes.Queueing;
using Microsoft.Extensions.Time.Testing;

namespace Kiban.Kubernetes.Tests.Queueing;

/// <summary>Random histories of a queue against a model that is too simple to be wrong.</summary>
public sealed class RateLimitedQueueProperties
{
    private enum Verb
    {
        Add,
        AddAfter,
        AddRateLimited,
        Forget,
        Take,
        Done,
        Advance,
    }

    private static readonly QueueOptions Options = new() { RetriesPerSecond = 2, RetryBurst = 3 };

    private static readonly Gen<(Verb Verb, int Key, int Milliseconds)> Step = Gen.Select(
        Gen.Frequency(
            (4, Gen.Const(Verb.Add)),
            (3, Gen.Const(Verb.AddAfter)),
            (2, Gen.Const(Verb.AddRateLimited)),
            (1, Gen.Const(Verb.Forget)),
            (5, Gen.Const(Verb.Take)),
            (4, Gen.Const(Verb.Done)),
            (3, Gen.Const(Verb.Advance))),
        Gen.Int[0, 4],
        Gen.Int[0, 3000]);

    [Fact]
    public void Every_key_comes_out_when_it_is_due_once_and_never_into_two_hands() =>
        Step.Array[0, 120].Sample(
            steps =>
            {
                var time = new FakeTimeProvider();
                using var queue = new RateLimitedQueue<int>("test", Options, time);
                var model = new Model(time);
                foreach (var (verb, key, milliseconds) in steps)
                    Do(verb, key, milliseconds, queue, time, model);

                // In the end everything that was ever asked for comes out.
                foreach (var key in model.Working.ToArray())
                    Do(Verb.Done, key, 0, queue, time, model);
                Do(Verb.Advance, 0, 2_000_000, queue, time, model);
                while (model.Waiting.Count > 0)
                {
                    Do(Verb.Take, 0, 0, queue, time, model);
                    foreach (var key in model.Working.ToArray())
                        Do(Verb.Done, key, 0, queue, time, model);
                }
                queue.TryTake(out _).ShouldBeFalse();
                queue.Delayed.ShouldBe(0);
            },
            iter: 400);

    [Fact]
    public void Tokens_never_fall_due_faster_than_burst_and_rate_allow() =>
        Gen.Select(Gen.Int[1, 20], Gen.Int[1, 10], Gen.Int[0, 2000].Array[1, 60]).Sample(
            (rate, burst, pauses) =>
            {
                var time = new FakeTimeProvider();
                var bucket = new TokenBucket(rate, burst, time);
                var began = time.GetTimestamp();
                var due = new List<double>();
                foreach (var pause in pauses)
                {
                    time.Advance(TimeSpan.FromMilliseconds(pause));
                    due.Add(time.GetElapsedTime(began).TotalSeconds + bucket.Reserve().TotalSeconds);
                }
                for (var first = 0; first < due.Count; first++)
                {
                    for (var last = first; last < due.Count; last++)
                        (last - first + 1).ShouldBeLessThanOrEqualTo((int)Math.Floor(burst + rate * (due[last] - due[first]) + 1e-4));
                }
            },
            iter: 300);

    [Fact]
    public async Task Many_workers_never_hold_one_key_at_a_time_and_lose_none()
    {
        using var queue = new RateLimitedQueue<int>("test", new QueueOptions(), TimeProvider.System);
        var inHand = new int[50];
        var wanted = new int[50];
        var seen = new int[50];
        var workers = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            await foreach (var key in queue.TakeAllAsync(TestContext.Current.CancellationToken))
            {
                Interlocked.Increment(ref inHand[key]).ShouldBe(1);
                Volatile.Write(ref seen[key], Volatile.Read(ref wanted[key]));
                if (key % 3 == 0)
                    await Task.Yield();
                Interlocked.Decrement(ref inHand[key]).ShouldBe(0);
                queue.Done(key);
            }
        })).ToArray();
        Parallel.For(0, 20_000, step =>
        {
            var key = step % 50;
            Interlocked.Increment(ref wanted[key]);
            if (step % 7 == 0)
                queue.AddAfter(key, TimeSpan.FromMilliseconds(step % 3));
            queue.Add(key);
        });

        await queue.DrainAsync(TestContext.Current.CancellationToken);
        await Task.WhenAll(workers);
        seen.ShouldBe(wanted);
    }

    private static void Do(Verb verb, int key, int milliseconds, RateLimitedQueue<int> queue, FakeTimeProvider time, Model model)
    {
        switch (verb)
        {
            case Verb.Add:
                queue.Add(key);
                model.Waiting.Add(key);
                break;
            case Verb.AddAfter:
                queue.AddAfter(key, TimeSpan.FromMilliseconds(milliseconds));
                model.Delay(key, TimeSpan.FromMilliseconds(milliseconds));
                break;
            case Verb.AddRateLimited:
                queue.AddRateLimited(key);
                model.DelayRetry(key);
                break;
            case Verb.Forget:
                queue.Forget(key);
                model.Backoff.Forget(key);
                queue.Retries(key).ShouldBe(0);
                break;
            case Verb.Take:
                if (queue.TryTake(out var taken))
                {
                    model.Waiting.Remove(taken).ShouldBeTrue($"key {taken} came out without having been due");
                    model.Working.Add(taken).ShouldBeTrue($"key {taken} is in two hands");
                }
                else
                {
                    model.Waiting.ShouldAllBe(waiting => model.Working.Contains(waiting));
                }
                break;
            case Verb.Done:
                if (model.Working.Remove(key))
                    queue.Done(key);
                break;
            case Verb.Advance:
                time.Advance(TimeSpan.FromMilliseconds(milliseconds));
                model.AddDue();
                break;
            default:
                throw new InvalidOperationException($"{verb}");
        }
    }

    private sealed class Model(FakeTimeProvider time)
    {
        private readonly Dictionary<int, DateTimeOffset> _due = [];
        private readonly TokenBucket _bucket = new(Options.RetriesPerSecond, Options.RetryBurst, time);

        public HashSet<int> Waiting { get; } = [];

        public HashSet<int> Working { get; } = [];

        public KeyBackoff<int> Backoff { get; } = new(Options.BaseDelay, Options.MaxDelay);

        public void DelayRetry(int key)
        {
            var (own, global) = (Backoff.Next(key), _bucket.Reserve());
            Delay(key, own > global ? own : global);
        }

        public void Delay(int key, TimeSpan delay)
        {
            var due = time.GetUtcNow() + delay;
            if (delay <= TimeSpan.Zero)
                Waiting.Add(key);
            else if (!_due.TryGetValue(key, out var earlier) || due < earlier)
                _due[key] = due;
        }

        public void AddDue()
        {
            foreach (var (key, _) in _due.Where(pair => pair.Value <= time.GetUtcNow()).ToArray())
            {
                Waiting.Add(key);
                _due.Remove(key);
            }
        }
    }
}
