using System.Text.Json.Nodes;
using Kiban.Loader.Tests.Stores;
using Kiban.ObjectStore.Testing.Contents;

namespace Kiban.Loader.Tests.Programs;

public sealed class NativeProgramTests(PublishedLoader published)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Compiling_ahead_of_time_gives_no_warning() => (await published.OutputAsync()).ShouldNotContain("warning");

    [Fact]
    public async Task A_load_tells_where_it_is_and_how_it_ended()
    {
        await using var bench = await StoreBench.StartAsync();
        using var volume = new TemporaryFolder();
        using var other = new TemporaryFolder();
        bench.Server.CreateBucket("data").Put("set/a", ObjectContent.Generated(1, 10_000_000));
        var secret = bench.CreateDirectory(("aws_access_key_id", StoreBench.AccessKeyId), ("aws_secret_access_key", StoreBench.SecretAccessKey));
        string[] source = ["--source", "s3://data/set/", "--endpoint-url", bench.Server.S3Endpoint.ToString(), "--credentials", secret];
        var program = await published.ProgramAsync();

        using var load = LoaderProcess.Start(program, other.Path("end"), ["load", "--into", volume.Root, .. source]);
        var (code, output, error, words) = await load.EndAsync(Cancel);
        using var list = LoaderProcess.Start(program, other.Path("list"), ["list", .. source]);
        var listed = await list.EndAsync(Cancel);

        code.ShouldBe(0, error);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).ToList();
        lines[0]["state"]!.GetValue<string>().ShouldBe("Listing");
        lines[^1]["state"]!.GetValue<string>().ShouldBe("Loaded");
        lines[^1]["bytes"]!.GetValue<long>().ShouldBe(10_000_000);
        words!["digest"]!.GetValue<string>().ShouldStartWith("sha256:");
        words["fetchedBytes"]!.GetValue<long>().ShouldBe(10_000_000);
        listed.ExitCode.ShouldBe(0, listed.Error);
        listed.LastWords!["digest"]!.GetValue<string>().ShouldBe(words["digest"]!.GetValue<string>());
        listed.Output.ShouldContain("\"path\":\"a\"");
        bench.Server.Counts.Of("data", "set/a").Reads.ShouldBeLessThan(4);
    }

    [Theory]
    [InlineData(2, "--source", "ftp://data/")]
    [InlineData(2, "--source", "s3://data/", "--include", "[a")]
    [InlineData(2, "--source", "s3://data/", "--path", "../elsewhere")]
    [InlineData(2, "--source", "s3://data/", "--connections", "0")]
    [InlineData(2, "--unknown")]
    [InlineData(3, "--source", "s3://data/", "--credentials", "/nowhere")]
    public async Task A_wrong_command_line_has_its_own_exit_code_and_says_what_is_wrong(int exitCode, params string[] arguments)
    {
        using var volume = new TemporaryFolder();
        using var loader = LoaderProcess.Start(await published.ProgramAsync(), volume.Path("end"), ["load", "--into", volume.Path("data"), .. arguments]);

        var (code, output, error, _) = await loader.EndAsync(Cancel);

        code.ShouldBe(exitCode, error + output);
        (error + output).ShouldContain(arguments[^1].Length > 3 ? arguments[^1].TrimStart('-')[..5] : arguments[^1]);
    }

    [Fact]
    public async Task Waiting_ends_when_the_annotation_names_every_claim()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Path("annotations");
        await File.WriteAllTextAsync(file, "a=\"b\"\ndataset.kiban.dev/loaded-claims=\"one\"\n", Cancel);
        using var waiting = LoaderProcess.Start(await published.ProgramAsync(), folder.Path("end"), "wait", "--annotations", file, "--claim", "one", "--claim", "two");
        var end = waiting.EndAsync(Cancel);
        (await Task.WhenAny(end, Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Cancel))).ShouldNotBe(end);

        await File.WriteAllTextAsync(file + ".new", "a=\"b\"\ndataset.kiban.dev/loaded-claims=\"two,one\"\n", Cancel);
        File.Move(file + ".new", file, overwrite: true);

        (await end).ExitCode.ShouldBe(0);
        (await end).Output.ShouldContain("two");
    }
}
