using k8s.Models;
using Kiban.Kubernetes.Leases;
using Kiban.Kubernetes.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Kiban.Kubernetes.Tests.Leases;

public sealed class LeaderElectorTests : IDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly FakeKubernetes _server;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<string> _ended = [];

    public LeaderElectorTests() => _server = new FakeKubernetes(_time);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _stop.Cancel();
        _stop.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task Lease_is_made_as_clients_of_every_language_expect_it_and_given_back_after_the_work()
    {
        var elector = Elector();
        var mayEnd = new TaskCompletionSource();
        var running = elector.RunAsync(async term =>
        {
            await Forever(term);
            await mayEnd.Task;
        }, _stop.Token);
        await UntilAsync(() => elector.IsLeader);

        var lease = (await LeaseAsync())!;
        lease.Spec.HolderIdentity.ShouldBe("me");
        lease.Spec.LeaseDurationSeconds.ShouldBe(15);
        lease.Spec.LeaseTransitions.ShouldBe(0);
        lease.Spec.AcquireTime.ShouldNotBeNull();

        await _stop.CancelAsync();
        await PassAsync(TimeSpan.FromSeconds(20));
        (await LeaseAsync())!.Spec.HolderIdentity.ShouldBe("me", "the work has not ended, so the lease must be kept");
        (await LeaseAsync())!.Spec.RenewTime.ShouldNotBe(lease.Spec.RenewTime, "and kept it is by renewing it");

        mayEnd.SetResult();
        await UntilAsync(() => running.IsCompleted);
        await running;
        (await LeaseAsync())!.Spec.ShouldSatisfyAllConditions(
            spec => spec.HolderIdentity.ShouldBeNull(), spec => spec.LeaseDurationSeconds.ShouldBe(1));
        _ended.ShouldBeEmpty();
    }

    [Fact]
    public async Task Other_replica_follows_at_once_where_the_lease_was_given_back()
    {
        var first = Elector("first");
        using var stopFirst = new CancellationTokenSource();
        var running = first.RunAsync(Forever, stopFirst.Token);
        await UntilAsync(() => first.IsLeader);
        var second = Elector("second");
        _ = second.RunAsync(Forever, _stop.Token);
        await PassAsync(TimeSpan.FromMinutes(1));
        second.IsLeader.ShouldBeFalse();

        await stopFirst.CancelAsync();
        await UntilAsync(() => running.IsCompleted);
        var began = _time.GetTimestamp();
        await UntilAsync(() => second.IsLeader);

        _time.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(3));
        (await LeaseAsync())!.Spec.LeaseTransitions.ShouldBe(1);
    }

    [Fact]
    public async Task Lease_whose_times_say_it_lapsed_long_ago_is_still_watched_for_its_whole_duration()
    {
        // A holder whose clock is years behind.
        await _server.CreateAsync(
            new V1Lease
            {
                Metadata = new V1ObjectMeta { Name = "lease", NamespaceProperty = "ns" },
                Spec = new V1LeaseSpec { HolderIdentity = "other", LeaseDurationSeconds = 30, RenewTime = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc) },
            },
            Cancel);
        var elector = Elector();
        var began = _time.GetTimestamp();
        _ = elector.RunAsync(Forever, _stop.Token);

        await UntilAsync(() => elector.IsLeader);

        _time.GetElapsedTime(began).ShouldBeInRange(TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(34));
    }

    [Fact]
    public async Task Work_is_cancelled_a_margin_before_the_lease_may_pass_on_when_renewing_fails()
    {
        var elector = Elector();
        LeadershipToken? term = null;
        _ = elector.RunAsync(leadership => Forever(leadership, ref term), _stop.Token);
        await UntilAsync(() => term is not null);
        var renewed = _time.GetTimestamp();
        _server.BeforeRequest = (_, token) => Task.Delay(Timeout.Infinite, token);

        await UntilAsync(() => term!.CancellationToken.IsCancellationRequested);

        _time.GetElapsedTime(renewed).ShouldBeInRange(TimeSpan.FromSeconds(9.5), TimeSpan.FromSeconds(10.5));
        elector.IsLeader.ShouldBeFalse();
        Should.Throw<LeadershipLostException>(term!.ThrowIfLost).Message.ShouldContain("ns/lease");
        _ended.ShouldBeEmpty();

        // The server comes back: leadership is a new term, the old one stays lost.
        _server.BeforeRequest = (_, _) => Task.CompletedTask;
        await UntilAsync(() => elector.IsLeader);
        term.IsHeld.ShouldBeFalse();
    }

    [Theory]
    [InlineData("create")] // the term is won
    [InlineData("update")] // the term is prolonged
    public async Task Term_counts_from_when_the_request_was_sent_however_long_its_answer_took(string verb)
    {
        var elector = Elector();
        LeadershipToken? term = null;
        long? sent = null;
        _server.BeforeRequest = (request, token) =>
        {
            if (sent is not null)
                return Task.Delay(Timeout.Infinite, token);
            if (request.Verb == verb)
                sent = _time.GetTimestamp();
            return Task.CompletedTask;
        };
        _server.AfterRequest = (_, token) => sent is null ? Task.CompletedTask : Task.Delay(TimeSpan.FromSeconds(4), _time, token);
        _ = elector.RunAsync(leadership => Forever(leadership, ref term), _stop.Token);

        await UntilAsync(() => term?.CancellationToken.IsCancellationRequested == true);

        // The others count from when the server wrote it, which was before the answer set out.
        _time.GetElapsedTime(sent!.Value).ShouldBeInRange(TimeSpan.FromSeconds(9.5), TimeSpan.FromSeconds(11));
    }

    [Fact]
    public async Task Work_that_ignores_its_cancellation_ends_the_process_before_the_lease_may_pass_on()
    {
        var elector = Elector();
        _ = elector.RunAsync(_ => new TaskCompletionSource().Task, _stop.Token);
        await UntilAsync(() => elector.IsLeader);
        var renewed = _time.GetTimestamp();
        _server.BeforeRequest = (_, token) => Task.Delay(Timeout.Infinite, token);

        await UntilAsync(() => _ended.Count > 0);

        _time.GetElapsedTime(renewed).ShouldBeInRange(TimeSpan.FromSeconds(13), TimeSpan.FromSeconds(14.9));
        _ended.Single().ShouldContain("ns/lease");
    }

    [Fact]
    public async Task Renewals_whose_answers_are_lost_do_not_cost_the_leadership()
    {
        var elector = Elector();
        LeadershipToken? term = null;
        _ = elector.RunAsync(leadership => Forever(leadership, ref term), _stop.Token);
        await UntilAsync(() => term is not null);
        var requests = 0;
        _server.AfterRequest = (request, _) =>
            request.Verb == "update" && requests++ % 2 == 0 ? throw new IOException("the answer was lost") : Task.CompletedTask;

        await PassAsync(TimeSpan.FromMinutes(2));

        requests.ShouldBeGreaterThan(20);
        term!.IsHeld.ShouldBeTrue();
    }

    [Fact]
    public async Task Lease_taken_by_a_request_whose_answer_was_lost_is_recognised_as_ours()
    {
        var elector = Elector();
        var isLost = true;
        _server.AfterRequest = (request, _) => request.Verb == "create" && isLost ? throw new IOException("the answer was lost") : Task.CompletedTask;
        _ = elector.RunAsync(Forever, _stop.Token);

        await UntilAsync(() => elector.IsLeader);

        isLost = false;
        (await LeaseAsync())!.Spec.LeaseTransitions.ShouldBe(0);
    }

    [Fact]
    public async Task Lease_that_another_writes_itself_into_ends_the_work_with_the_next_renewal()
    {
        var elector = Elector();
        LeadershipToken? term = null;
        _ = elector.RunAsync(leadership => Forever(leadership, ref term), _stop.Token);
        await UntilAsync(() => term is not null);
        var lease = (await LeaseAsync())!;
        lease.Spec.HolderIdentity = "usurper";
        await _server.ReplaceAsync(lease, Cancel);

        await PassAsync(TimeSpan.FromSeconds(3));

        term!.IsHeld.ShouldBeFalse();
        (await LeaseAsync())!.Spec.HolderIdentity.ShouldBe("usurper", "what is another's is not given back");
    }

    [Fact]
    public async Task Process_that_wakes_from_a_pause_finds_its_leadership_lost_before_any_timer_has_fired()
    {
        // Timers that never fire stand for a process whose threads have not run yet.
        var asleep = new TimeWithoutTimers(_time);
        var term = new LeadershipToken("ns/lease", TimeSpan.FromSeconds(10), LeaseClock.Now(asleep), asleep);
        term.ThrowIfLost();
        term.Remaining.ShouldBe(TimeSpan.FromSeconds(10));

        _time.Advance(TimeSpan.FromSeconds(10));

        term.IsHeld.ShouldBeFalse();
        Should.Throw<LeadershipLostException>(term.ThrowIfLost);
        term.TryExtend(LeaseClock.Now(asleep)).ShouldBeFalse("what is lost stays lost");
        await Until.TrueAsync(() => term.CancellationToken.IsCancellationRequested, "cancellation");
    }

    [Fact]
    public void Machine_that_was_suspended_is_found_out_by_its_wall_clock()
    {
        var time = new SuspendedTime();
        var term = new LeadershipToken("ns/lease", TimeSpan.FromSeconds(10), LeaseClock.Now(time), time);

        time.WallClock += TimeSpan.FromSeconds(11);

        term.IsHeld.ShouldBeFalse();
    }

    [Fact]
    public async Task Failure_of_the_work_is_the_callers_and_gives_the_lease_back()
    {
        var elector = Elector();
        var running = elector.RunAsync(_ => throw new InvalidOperationException("broken work"), _stop.Token);

        await UntilAsync(() => running.IsCompleted);

        (await Should.ThrowAsync<InvalidOperationException>(running)).Message.ShouldBe("broken work");
        (await LeaseAsync())!.Spec.HolderIdentity.ShouldBeNull();
    }

    [Fact]
    public async Task Writes_of_work_that_lost_the_leadership_are_refused_before_they_are_sent()
    {
        var client = new FencedKubernetesClient(_server);
        var secret = new V1Secret { Metadata = new V1ObjectMeta { Name = "s", NamespaceProperty = "ns" } };
        var term = new LeadershipToken("ns/lease", TimeSpan.FromSeconds(10), LeaseClock.Now(_time), _time);
        await client.CreateAsync(secret, Cancel);

        LeadershipToken.Current = term;
        await client.ReplaceAsync(secret, Cancel);
        _time.Advance(TimeSpan.FromSeconds(10));
        await Should.ThrowAsync<LeadershipLostException>(() => client.ReplaceAsync(secret, Cancel));
        await Should.ThrowAsync<LeadershipLostException>(() => client.DeleteAsync<V1Secret>("s", "ns", Cancel));
        await Should.ThrowAsync<LeadershipLostException>(() => client.SendAsync(HttpMethod.Post, "/api/v1", null, "application/json", Cancel));
        (await client.FindAsync<V1Secret>("s", "ns", Cancel)).ShouldNotBeNull("reads pass");

        LeadershipToken.Current = null;
        (await client.DeleteAsync<V1Secret>("s", "ns", Cancel)).ShouldBeTrue("work under no leadership passes");
    }

    [Fact]
    public void Settings_that_cannot_work_are_all_named()
    {
        var options = Options("me") with
        {
            Name = "",
            Namespace = " ",
            Identity = "",
            LeaseDuration = TimeSpan.FromSeconds(1.5),
            RenewDeadline = TimeSpan.FromSeconds(2),
            RetryPeriod = TimeSpan.FromSeconds(2),
        };

        var message = Should.Throw<ArgumentException>(() => Elector(options)).Message;

        foreach (var setting in (string[])["Name", "Namespace", "Identity", "LeaseDuration", "RenewDeadline"])
            message.ShouldContain($"LeaderElectionOptions.{setting} is");
    }

    private static Task Forever(LeadershipToken leadership, ref LeadershipToken? first)
    {
        first ??= leadership;
        return Forever(leadership);
    }

    private static async Task Forever(LeadershipToken term)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, term.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The ordinary end of a term.
        }
    }

    private LeaderElectionOptions Options(string identity) => new() { Name = "lease", Namespace = "ns", Identity = identity, EndProcess = _ended.Add };

    private LeaderElector Elector(string identity = "me") => Elector(Options(identity));

    private LeaderElector Elector(LeaderElectionOptions options) => new(_server, options, _time, NullLogger<LeaderElector>.Instance);

    private Task<V1Lease?> LeaseAsync() => _server.FindAsync<V1Lease>("lease", "ns", Cancel);

    private Task UntilAsync(Func<bool> condition) => Until.TrueAsync(_time, Step, condition, "the condition");

    /// <summary>Lets virtual time pass, slowly enough for everything that is woken to run.</summary>
    private async Task PassAsync(TimeSpan span)
    {
        for (var passed = TimeSpan.Zero; passed < span; passed += Step)
        {
            _time.Advance(Step);
            await Task.Delay(2, Cancel);
        }
    }

    private sealed class TimeWithoutTimers(TimeProvider inner) : TimeProvider
    {
        public override long TimestampFrequency => inner.TimestampFrequency;

        public override long GetTimestamp() => inner.GetTimestamp();

        public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();
    }

    private sealed class SuspendedTime : TimeProvider
    {
        public DateTimeOffset WallClock { get; set; } = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

        public override long GetTimestamp() => 42;

        public override DateTimeOffset GetUtcNow() => WallClock;
    }
}
