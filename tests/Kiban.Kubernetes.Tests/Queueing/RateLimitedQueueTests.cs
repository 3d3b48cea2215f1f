using Kiban.Kubernetes.Observability;
using Kiban.Kubernetes.Queueing;
using Microsoft.Extensions.Time.Testing;

namespace Kiban.Kubernetes.Tests.Queueing;

public sealed class RateLimitedQueueTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly RateLimitedQueue<string> _queue;

    public RateLimitedQueueTests() => _queue = new RateLimitedQueue<string>("test", new QueueOptions(), _time);

    public void Dispose() => _queue.Dispose();

    [Fact]
    public void Keys_come_out_in_the_order_they_were_added_and_once()
    {
        foreach (var key in (string[])["c", "a", "b", "a", "c"])
            _queue.Add(key);

        TakeAll().ShouldBe(["c", "a", "b"]);
    }

    [Fact]
    public void Key_added_while_in_hand_comes_again_only_after_it_was_given_back()
    {
        _queue.Add("a");
        _queue.TryTake(out _).ShouldBeTrue();
        _queue.Add("a");
        _queue.Add("a");

        _queue.TryTake(out _).ShouldBeFalse();
        _queue.Done("a");
        _queue.TryTake(out var again).ShouldBeTrue();
        again.ShouldBe("a");
        _queue.Done("a");
        _queue.TryTake(out _).ShouldBeFalse();
    }

    [Fact]
    public void Key_that_nobody_took_cannot_be_given_back() =>
        Should.Throw<InvalidOperationException>(() => _queue.Done("a")).Message.ShouldContain("Key a");

    [Fact]
    public void Of_several_delays_of_one_key_the_earliest_counts()
    {
        _queue.AddAfter("a", TimeSpan.FromSeconds(10));
        _queue.AddAfter("a", TimeSpan.FromSeconds(2));
        _queue.AddAfter("a", TimeSpan.FromSeconds(5));

        _time.Advance(TimeSpan.FromSeconds(1.999));
        _queue.Depth.ShouldBe(0);
        _time.Advance(TimeSpan.FromSeconds(0.001));
        TakeAll().ShouldBe(["a"]);
        _time.Advance(TimeSpan.FromSeconds(60));
        TakeAll().ShouldBeEmpty();
    }

    [Fact]
    public void Delay_shorter_than_a_millisecond_ends()
    {
        _queue.AddAfter("a", TimeSpan.FromMicroseconds(10));

        _time.Advance(TimeSpan.FromMilliseconds(1));

        TakeAll().ShouldBe(["a"]);
    }

    [Fact]
    public void Retries_of_one_key_double_from_5_ms_up_to_1000_s_until_it_is_forgotten()
    {
        // Wide open, so that only the key's own back-off is seen.
        using var queue = new RateLimitedQueue<string>("test", new QueueOptions { RetryBurst = 1000 }, _time);
        var delays = new List<double>();
        for (var attempt = 0; attempt < 20; attempt++)
            delays.Add(DelayOfRetry(queue));
        delays[..4].ShouldBe([5, 10, 20, 40]);
        delays[^3..].ShouldBe([655_360, 1_000_000, 1_000_000]);

        queue.Retries("a").ShouldBe(20);
        queue.Forget("a");
        DelayOfRetry(queue).ShouldBe(5);
    }

    [Fact]
    public void Retries_of_many_keys_are_held_to_the_global_rate_after_the_burst()
    {
        for (var key = 0; key < 130; key++)
            _queue.AddRateLimited($"key-{key}");

        _time.Advance(TimeSpan.FromMilliseconds(5));
        _queue.Depth.ShouldBe(100);
        _time.Advance(TimeSpan.FromSeconds(1));
        _queue.Depth.ShouldBe(110);
        _time.Advance(TimeSpan.FromSeconds(2));
        _queue.Depth.ShouldBe(130);
    }

    [Fact]
    public async Task Waiting_worker_is_woken_by_a_key_and_by_a_delayed_one()
    {
        await using var worker = _queue.TakeAllAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator();
        var first = worker.MoveNextAsync();
        first.IsCompleted.ShouldBeFalse();
        _queue.Add("now");
        (await first).ShouldBeTrue();
        worker.Current.ShouldBe("now");

        var second = worker.MoveNextAsync();
        _queue.AddAfter("later", TimeSpan.FromSeconds(1));
        second.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(1));
        (await second).ShouldBeTrue();
        worker.Current.ShouldBe("later");
    }

    [Fact]
    public async Task Shut_down_hands_out_what_waits_takes_nothing_new_and_completes_when_all_is_done()
    {
        _queue.Add("a");
        _queue.Add("b");
        _queue.AddAfter("c", TimeSpan.FromSeconds(1));
        _queue.TryTake(out var inHand).ShouldBeTrue();
        _queue.Add(inHand);

        var drained = _queue.DrainAsync(TestContext.Current.CancellationToken);
        _queue.Add("d");
        _time.Advance(TimeSpan.FromSeconds(1));

        _queue.TryTake(out var next).ShouldBeTrue();
        next.ShouldBe("b");
        _queue.Done("b");
        drained.IsCompleted.ShouldBeFalse("the key in hand was added again and still has to be worked on");
        _queue.Done(inHand);
        _queue.TryTake(out var again).ShouldBeTrue();
        again.ShouldBe(inHand);
        _queue.Done(inHand);
        await drained;
        (await _queue.WaitToTakeAsync(TestContext.Current.CancellationToken)).ShouldBeFalse();
    }

    [Fact]
    public void Unfinished_work_is_measured()
    {
        _queue.Add("a");
        _queue.Add("b");
        _queue.TryTake(out _);
        _time.Advance(TimeSpan.FromSeconds(2));
        _queue.TryTake(out _);
        _time.Advance(TimeSpan.FromSeconds(3));

        _queue.ReadState().ShouldBe(new WorkqueueState(0, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(5)));
    }

    [Fact]
    public void Settings_that_cannot_work_are_all_named()
    {
        var options = new QueueOptions { BaseDelay = TimeSpan.Zero, MaxDelay = TimeSpan.FromSeconds(-1), RetriesPerSecond = 0, RetryBurst = 0 };

        var message = Should.Throw<ArgumentException>(() => new RateLimitedQueue<string>("test", options, _time)).Message;

        foreach (var setting in (string[])["BaseDelay", "MaxDelay", "RetriesPerSecond", "RetryBurst"])
            message.ShouldContain($"QueueOptions.{setting} is");
    }

    private double DelayOfRetry(RateLimitedQueue<string> queue)
    {
        var began = _time.GetTimestamp();
        queue.AddRateLimited("a");
        for (var step = TimeSpan.FromMilliseconds(5); queue.Depth == 0; )
            _time.Advance(step);
        queue.TryTake(out var key).ShouldBeTrue();
        queue.Done(key!);
        return _time.GetElapsedTime(began).TotalMilliseconds;
    }

    private List<string> TakeAll()
    {
        var taken = new List<string>();
        while (_queue.TryTake(out var key))
        {
            taken.Add(key);
            _queue.Done(key);
        }
        return taken;
    }
}
