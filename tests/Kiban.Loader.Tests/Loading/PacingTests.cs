using Kiban.Loader.Loading;
using Microsoft.Extensions.Time.Testing;

namespace Kiban.Loader.Tests.Loading;

public sealed class PacingTests
{
    private const long MiB = 1024 * 1024;

    private readonly FakeTimeProvider _time = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 32, 8)]
    [InlineData(100 * MiB, 32, 8)]
    [InlineData(4096 * MiB, 32, 16)]
    [InlineData(4097 * MiB, 32, 17)]
    [InlineData(1_000_000 * MiB, 32, 64)]
    public void Ranges_grow_with_what_there_is_to_fetch(long total, int connections, long expected) =>
        PartSize.For(total, connections).ShouldBe(expected * MiB);

    [Fact]
    public void Waits_double_up_to_a_bound_and_what_a_server_asks_for_is_not_cut_short()
    {
        var timing = new LoadTiming { FirstBackoff = TimeSpan.FromSeconds(1), LongestBackoff = TimeSpan.FromSeconds(20) };

        Enumerable.Range(1, 7).Select(failures => Backoff.Before(failures, null, timing, 1).TotalSeconds).ShouldBe([1, 2, 4, 8, 16, 20, 20]);
        Backoff.Before(5, null, timing, 0).ShouldBe(TimeSpan.Zero);
        Backoff.Before(1, TimeSpan.FromSeconds(30), timing, 0.5).ShouldBe(TimeSpan.FromSeconds(30.5));
    }

    [Fact]
    public void Connections_grow_while_all_goes_well_and_are_halved_once_for_refusals_that_come_together()
    {
        var limit = new ConnectionLimit(32, _time);
        for (var i = 0; i < 100; i++)
            limit.Succeeded();
        limit.Current.ShouldBe(32);

        for (var i = 0; i < 10; i++)
            limit.Throttled(null);
        limit.Current.ShouldBe(16);
        _time.Advance(TimeSpan.FromSeconds(2));
        limit.Throttled(null);
        limit.Current.ShouldBe(8);
        for (var i = 0; i < 9; i++)
            limit.Succeeded();
        limit.Current.ShouldBe(9);
    }

    [Fact]
    public async Task Nobody_asks_while_a_server_wants_rest()
    {
        var limit = new ConnectionLimit(4, _time);
        limit.Throttled(TimeSpan.FromSeconds(5));

        var entering = limit.EnterAsync(Cancel).AsTask();
        _time.Advance(TimeSpan.FromSeconds(4));
        entering.IsCompleted.ShouldBeFalse();
        _time.Advance(TimeSpan.FromSeconds(2));

        await entering;
    }

    [Fact]
    public async Task A_place_that_is_given_back_goes_to_who_waits()
    {
        var limit = new ConnectionLimit(1, _time);
        await limit.EnterAsync(Cancel);
        using var gone = new CancellationTokenSource();
        var first = limit.EnterAsync(gone.Token).AsTask();
        var second = limit.EnterAsync(Cancel).AsTask();
        await gone.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => first);

        limit.Leave();
        await second.WaitAsync(TimeSpan.FromSeconds(10), Cancel);
    }

    [Fact]
    public void A_try_to_which_next_to_nothing_comes_is_ended_and_a_slow_one_is_not()
    {
        var watch = new StallWatch(new LoadTiming { StallAfter = TimeSpan.FromSeconds(20) }, _time);
        using var slow = watch.Begin(Cancel);
        using var trickle = watch.Begin(Cancel);
        using var dead = watch.Begin(Cancel);
        for (var second = 0; second < 60; second++)
        {
            slow.Add(1000);
            trickle.Add(10);
            _time.Advance(TimeSpan.FromSeconds(1));
            watch.Check();
        }

        slow.Token.IsCancellationRequested.ShouldBeFalse();
        trickle.HasStalled.ShouldBeTrue();
        dead.Token.IsCancellationRequested.ShouldBeTrue();
    }
}
