using Kiban.Images.Processes;

namespace Kiban.Images.Tests.Processes;

public sealed class ExternalProgramTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Missing_program_is_named() =>
        (await Should.ThrowAsync<ImageBuildException>(new ExternalProgram("no-such-program").RunAsync([], Cancel))).Message
            .ShouldStartWith("no-such-program could not be started");

    [Fact]
    public async Task Failing_program_is_quoted() =>
        (await Should.ThrowAsync<ImageBuildException>(new ExternalProgram("sh").RunAsync(["-c", "echo complaint >&2; exit 3"], Cancel))).Message
            .ShouldBe("sh ended with exit code 3: complaint");

    [Fact]
    public async Task Program_that_leaves_its_input_unread_and_fails_is_quoted()
    {
        var refusal = await Should.ThrowAsync<ImageBuildException>(new ExternalProgram("sh").RunAsync(
            ["-c", "exec <&-; echo enough >&2; exit 1"],
            async (input, cancel) =>
            {
                var block = new byte[1 << 20];
                for (var i = 0; i < 16; i++)
                    await input.WriteAsync(block, cancel);
            },
            (output, cancel) => output.CopyToAsync(Stream.Null, cancel),
            Cancel));

        refusal.Message.ShouldBe("sh ended with exit code 1: enough");
    }
}
