namespace Kiban.Processes.Tests;

public class CommandTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Missing_program_is_named() =>
        (await Should.ThrowAsync<CommandException>(() => Command.RunAsync("no-such-program", [], Cancel))).Message
            .ShouldStartWith("no-such-program could not be started");

    [Fact]
    public async Task Failing_program_is_quoted()
    {
        var result = await Command.RunAsync("sh", ["-c", "echo complaint >&2; exit 3"], Cancel);

        result.ExitCode.ShouldBe(3);
        Should.Throw<CommandException>(result.RequireOutput).Message.ShouldBe("sh ended with exit code 3: complaint");
    }

    [Fact]
    public async Task Program_is_given_its_input_and_environment_and_speaks_english() =>
        (await Command.RunAsync("sh", ["-c", "cat; echo $GREETING $LC_ALL"], Cancel, "from input, ", new Dictionary<string, string> { ["GREETING"] = "hello" }))
            .RequireOutput().ShouldBe("from input, hello C.UTF-8\n");

    [Fact]
    public async Task Program_that_leaves_its_input_unread_and_fails_is_quoted()
    {
        var result = await Command.StreamAsync(
            "sh",
            ["-c", "exec <&-; echo enough >&2; exit 1"],
            async (input, cancel) =>
            {
                var block = new byte[1 << 20];
                for (var i = 0; i < 16; i++)
                {
                    await input.WriteAsync(block, cancel);
                }
            },
            (output, cancel) => output.CopyToAsync(Stream.Null, cancel),
            Cancel);

        Should.Throw<CommandException>(result.RequireOutput).Message.ShouldBe("sh ended with exit code 1: enough");
    }

    [Fact]
    public async Task Cancelled_program_and_its_children_are_killed()
    {
        var pid = Path.GetTempFileName();
        using var interruption = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var run = Command.RunAsync("sh", ["-c", $"sleep 1000 & echo $! >{pid}; wait"], interruption.Token);
        string child;
        while ((child = await File.ReadAllTextAsync(pid, Cancel)).Length == 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancel);
        }

        await interruption.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => run);
        while (Directory.Exists($"/proc/{child.Trim()}") && !(await File.ReadAllTextAsync($"/proc/{child.Trim()}/stat", Cancel)).Contains(") Z ", StringComparison.Ordinal))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, Cancel);
        }

        File.Delete(pid);
    }
}
