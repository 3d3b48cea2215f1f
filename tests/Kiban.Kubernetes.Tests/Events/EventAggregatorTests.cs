using System.Text;
using Kiban.Kubernetes.Events;
using Microsoft.Extensions.Time.Testing;

namespace Kiban.Kubernetes.Tests.Events;

public sealed class EventAggregatorTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly EventAggregator _aggregator;

    public EventAggregatorTests() => _aggregator = new EventAggregator(_time);

    [Fact]
    public void Repetition_is_counted_on_the_first_event()
    {
        var first = _aggregator.Add(Event())!;
        _time.Advance(TimeSpan.FromMinutes(5));
        var second = _aggregator.Add(Event())!;

        second.ShouldBeSameAs(first);
        second.Count.ShouldBe(2);
        second.Last.ShouldBe(_time.GetUtcNow());
        second.First.Time.ShouldBe(_time.GetUtcNow() - TimeSpan.FromMinutes(5));
    }

    [Fact]
    public void Repetition_after_six_quiet_minutes_is_a_new_event()
    {
        var first = _aggregator.Add(Event())!;
        _time.Advance(TimeSpan.FromMinutes(6));
        var second = _aggregator.Add(Event())!;

        second.ShouldNotBeSameAs(first);
        second.Name.ShouldNotBe(first.Name);
    }

    [Theory]
    [InlineData("other object")]
    [InlineData("namesake made later")]
    [InlineData("reason")]
    [InlineData("type")]
    [InlineData("message")]
    public void Events_that_differ_are_kept_apart(string difference)
    {
        var first = _aggregator.Add(Event())!;
        var second = _aggregator.Add(difference switch
        {
            "other object" => Event() with { Subject = Subject() with { Name = "b" } },
            "namesake made later" => Event() with { Subject = Subject() with { Uid = "another" } },
            "reason" => Event() with { Reason = "Other" },
            "type" => Event() with { Type = EventType.Warning },
            _ => Event() with { Message = "other" },
        })!;

        second.ShouldNotBeSameAs(first);
        second.Name.ShouldNotBe(first.Name);
    }

    [Fact]
    public void Newer_version_of_the_object_makes_no_new_event() =>
        _aggregator.Add(Event() with { Subject = Subject() with { ResourceVersion = "9" } }).ShouldBeSameAs(_aggregator.Add(Event()));

    [Fact]
    public void More_than_ten_messages_of_one_kind_become_one_event()
    {
        var series = Enumerable.Range(0, 14).Select(i => _aggregator.Add(Event() with { Message = $"{i} of 14 files" })!).ToList();

        series.Distinct().Count().ShouldBe(11);
        series[10].First.Message.ShouldBe("(combined from similar events): 10 of 14 files");
        series[13].ShouldBeSameAs(series[10]);
        series[13].Count.ShouldBe(4);
        _aggregator.Add(Event() with { Message = "3 of 14 files" }).ShouldBeSameAs(series[3], "what was told already is counted where it was told");
    }

    [Fact]
    public void Object_that_causes_many_events_is_written_25_times_and_then_every_five_minutes_with_nothing_lost()
    {
        var written = Enumerable.Range(0, 100).Select(_ => _aggregator.Add(Event())).ToList();
        written.Count(series => series is not null).ShouldBe(25);
        var series = written[0]!;
        series.Written = 25;

        _aggregator.TakePending().ShouldBeEmpty();
        _time.Advance(TimeSpan.FromMinutes(5));
        _aggregator.TakePending().ShouldBe([series]);

        series.Count.ShouldBe(100);
    }

    [Fact]
    public void At_the_end_everything_is_written_whatever_the_limit()
    {
        var series = Enumerable.Range(0, 30).Select(_ => _aggregator.Add(Event())).First()!;

        _aggregator.TakePending(last: true).ShouldBe([series]);
    }

    [Fact]
    public void One_noisy_object_does_not_silence_another()
    {
        for (var i = 0; i < 100; i++)
        {
            _aggregator.Add(Event());
        }

        _aggregator.Add(Event() with { Subject = Subject() with { Name = "quiet" } }).ShouldNotBeNull();
    }

    [Fact]
    public void Message_is_cut_at_1024_bytes_between_characters()
    {
        EventText.Message(new string('a', 1024)).ShouldBe(new string('a', 1024));

        var cut = EventText.Message(string.Concat(Enumerable.Repeat("基盤😀", 200)));

        Encoding.UTF8.GetByteCount(cut).ShouldBeInRange(1020, 1024);
        cut.ShouldEndWith("…");
        cut.ShouldNotContain('\uFFFD');
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(cut)).ShouldBe(cut);
    }

    [Theory]
    [InlineData("web-0", "web-0.")]
    [InlineData("system:node", "pod.")]
    [InlineData("UPPER", "pod.")]
    public void Name_of_the_event_is_one_the_server_takes(string subject, string start)
    {
        EventText.Name(Subject() with { Name = subject }, _time.GetUtcNow(), 1).ShouldStartWith(start);
        EventText.Name(Subject() with { Name = new string('a', 253) }, _time.GetUtcNow(), 1).ShouldStartWith("pod.");
    }

    private static EventSubject Subject() => new("v1", "Pod", "ns", "a", "uid-1", "1");

    private RecordedEvent Event() => new()
    {
        Controller = "kiban.dev/test",
        Subject = Subject(),
        Type = EventType.Normal,
        Reason = "Loaded",
        Action = "Load",
        Message = "All is there.",
        Time = _time.GetUtcNow(),
    };
}
