using System.Text.Json.Nodes;
using k8s.Models;
using Kiban.Datasets.Api;
using Kiban.Datasets.Loading;

namespace Kiban.Datasets.Tests.Loading;

public sealed class LoadRulesTests
{
    [Fact]
    public void Progress_reads_as_people_write_it()
    {
        var progress = LoadProgress.Read(JsonNode.Parse(
            """{"state":"Loading","bytes":44238162739,"totalBytes":103079215104,"files":1203,"totalFiles":4000,"bytesPerSecond":2040109466,"secondsLeft":29,"stalled":false,"message":""}"""));
        progress!.ToStatus().ShouldBe(LoadStatus.Waiting(LoadReasons.Loading, "41.2 GiB of 96.0 GiB, 1203 of 4000 files, 1.9 GiB/s, about 29 s left"));
    }

    [Fact]
    public void Stalled_load_says_so()
    {
        var progress = LoadProgress.Read(JsonNode.Parse("""{"state":"Loading","bytes":1,"totalBytes":2048,"files":0,"totalFiles":1,"bytesPerSecond":0,"stalled":true,"message":"no byte for 30 s"}"""));
        progress!.ToStatus().ShouldBe(LoadStatus.Waiting(LoadReasons.Stalled, "1 B of 2.0 KiB, 0 of 1 files, no byte for 30 s"));
    }

    [Theory]
    [InlineData("\"a line of another program\"")]
    [InlineData("{\"bytes\":1}")]
    [InlineData("[1]")]
    [InlineData("{\"state\":7}")]
    public void What_is_no_progress_is_none(string line) => LoadProgress.Read(JsonNode.Parse(line)).ShouldBeNull();

    [Fact]
    public void Pod_that_was_evicted_without_a_word_counts_as_a_passing_failure()
    {
        var report = LoadReport.Of(new DatasetPod { Status = new DatasetPodStatus { Phase = "Failed", Reason = "Evicted", Message = "The node was low on resource: memory." } });
        report.ShouldNotBeNull();
        (report.IsLoaded, report.IsTerminal).ShouldBe((false, false));
        report.Message.ShouldBe("the loader's Pod ended: Evicted The node was low on resource: memory.");
    }

    [Fact]
    public void Loader_that_was_killed_for_memory_is_told_with_the_setting_to_change() =>
        LoadReport.Of(Ended(137, null, "OOMKilled"))!.Message.ShouldContain("Datasets:Loader:Memory");

    [Fact]
    public void Unknown_reason_of_a_terminal_failure_is_still_a_failure()
    {
        var report = LoadReport.Of(Ended(3, """{"state":"Failed","reason":"MadeUpLater","message":"x"}"""))!;
        LoadReasons.IsFailure(LoadStory.Failed(new V1Job { Metadata = new V1ObjectMeta { Name = "job", NamespaceProperty = "team" } }, report).Reason).ShouldBeTrue();
    }

    [Fact]
    public void Names_of_Jobs_are_names_and_differ_by_claim_and_load()
    {
        var longest = new string('a', 62) + "." + new string('b', 190);
        LoaderJob.NameOf(longest, "0123456789abcdef0123").Length.ShouldBeLessThanOrEqualTo(63);
        LoaderJob.NameOf("my.claim", "0123456789abcdef0123").ShouldBe("kiban-load-my-claim-0123456789ab");
        LoaderJob.NameOf("a", "0123456789abcdef0123").ShouldNotBe(LoaderJob.NameOf("a", "1123456789abcdef0123"));
    }

    [Fact]
    public void Loader_goes_where_the_volume_is_held_unless_many_nodes_may_hold_it()
    {
        var user = new DatasetPodSpec { NodeName = "node-7", NodeSelector = new Dictionary<string, string> { ["gpu"] = "a100" } };
        var term = LoaderPlacement.Of(Claim("ReadWriteOnce"), [user]).ToAffinity()!.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms.Single();
        term.MatchFields.Single().Values.ShouldBe(["node-7"]);
        LoaderPlacement.Of(Claim("ReadWriteMany"), [user]).ToAffinity().ShouldBeNull();
        LoaderPlacement.Of(Claim("ReadWriteMany"), [user]).NodeSelector!["gpu"].ShouldBe("a100");
        LoaderPlacement.Of(Claim("ReadWriteOnce"), []).ShouldBe(LoaderPlacement.Anywhere);
    }

    [Fact]
    public void Loader_never_runs_as_root_because_its_consumer_does() =>
        LoaderPlacement.Of(Claim("ReadWriteOnce"), [new DatasetPodSpec { SecurityContext = new V1PodSecurityContext { RunAsUser = 0 } }]).User.ShouldBeNull();

    private static DatasetClaim Claim(string mode) => new() { Spec = new DatasetClaimSpec { AccessModes = [mode] } };

    private static DatasetPod Ended(int exitCode, string? message, string? reason = null) => new()
    {
        Status = new DatasetPodStatus
        {
            Phase = "Failed",
            ContainerStatuses = [new V1ContainerStatus { State = new V1ContainerState { Terminated = new V1ContainerStateTerminated { ExitCode = exitCode, Message = message, Reason = reason } } }],
        },
    };
}
