using System.Text.Json.Nodes;
using Kiban.Loader.Loading;
using Kiban.Loader.Progress;
using Microsoft.Extensions.Time.Testing;

namespace Kiban.Loader.Tests.Progress;

public sealed class ProgressTests
{
    private const long MiB = 1024 * 1024;

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public async Task Lines_come_at_each_change_and_once_a_second()
    {
        var status = new LoadStatus(_time) { TotalBytes = 100 * MiB, TotalFiles = 3 };
        var output = new StringWriter();
        await using (new ProgressReporter(status, new JsonLinesOutput(output), _time))
        {
            status.Enter(LoadReason.Listing, "Listing.");
            status.Enter(LoadReason.Loading, "");
            status.Counters.AddBytes(10 * MiB);
            _time.Advance(TimeSpan.FromSeconds(1));
            status.Counters.AddBytes(10 * MiB);
            status.Counters.AddFiles(1);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        _time.Advance(TimeSpan.FromSeconds(5));
        var lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        lines.Select(line => line["state"]!.GetValue<string>()).ShouldBe(["Listing", "Loading", "Loading", "Loading"]);
        lines[0]["totalBytes"].ShouldBeNull();
        lines[3].ToJsonString().ShouldBe(
            """{"time":"2026-01-02T03:04:07Z","state":"Loading","bytes":20971520,"totalBytes":104857600,"files":1,"totalFiles":3,"bytesPerSecond":10485760,"secondsLeft":8,"stalled":false,"message":""}""");
    }

    [Fact]
    public async Task A_load_to_which_nothing_comes_says_so_and_why()
    {
        var status = new LoadStatus(_time) { TotalBytes = 100, IsFetching = true };
        var output = new StringWriter();
        await using var reporter = new ProgressReporter(status, new JsonLinesOutput(output), _time);
        status.NoteFailure("The server is busy.", hasStalled: false);
        status.Enter(LoadReason.Loading, "");
        _time.Advance(TimeSpan.FromSeconds(20));

        var last = JsonNode.Parse(output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1])!;
        last["stalled"]!.GetValue<bool>().ShouldBeTrue();
        last["message"]!.GetValue<string>().ShouldBe("The server is busy.");
    }

    [Fact]
    public void A_terminal_shows_a_bar_and_a_pipe_a_line_for_each_change()
    {
        var line = new ProgressLine
        {
            Time = default, State = "Loading", Bytes = 50 * MiB, TotalBytes = 100 * MiB, Files = 1, TotalFiles = 4, BytesPerSecond = 10 * MiB, SecondsLeft = 5, Stalled = false, Message = "",
        };
        StringWriter terminal = new(), pipe = new();
        new TextOutput(terminal, isTerminal: true).Show(line, isChange: false);
        new TextOutput(pipe, isTerminal: false).Show(line, isChange: false);
        new TextOutput(pipe, isTerminal: false).Show(line, isChange: true);

        terminal.ToString().ShouldBe("\r\u001b[K[############............]  50 %  50.0 MiB of 100.0 MiB, 1 of 4 files, 10.0 MiB/s, about 5 s left");
        pipe.ToString().ShouldBe("Loading: 50.0 MiB of 100.0 MiB, 1 of 4 files, 10.0 MiB/s, about 5 s left\n");
    }

    [Fact]
    public void Last_words_are_cut_to_what_the_kubelet_reads_and_stay_JSON()
    {
        var words = TerminationLog.Render(new EndReport { State = "Failed", Reason = "UnsafeKey", Message = string.Concat(Enumerable.Repeat("\u0001基é", 3000)) });

        words.Length.ShouldBeInRange(3000, TerminationLog.Longest);
        JsonNode.Parse(words)!["message"]!.GetValue<string>().ShouldEndWith("…");
        JsonNode.Parse(TerminationLog.Render(new EndReport { State = "Loaded", Reason = "Loaded", Message = "short" }))!["message"]!.GetValue<string>().ShouldBe("short");
    }
}
