using System.Text.Json.Nodes;
using k8s.Models;
using Kiban.Datasets.Api;
using Kiban.Datasets.Declaring;
using Kiban.Datasets.Reuse;

namespace Kiban.Datasets.Tests.Reuse;

public sealed class ClaimFillingTests
{
    [Fact]
    public void Snapshot_is_written_into_the_claim_and_doing_it_again_changes_nothing()
    {
        var claim = Claim();
        var choice = new SnapshotChoice(new VolumeSnapshot { Metadata = new V1ObjectMeta { Name = "kiban-dataset-1" } }, null);
        ClaimFilling.IsOpen(claim).ShouldBeTrue();
        ClaimFilling.Apply(claim, Request(), choice);
        claim["spec"]!["dataSource"]!.ToJsonString().ShouldBe("""{"apiGroup":"snapshot.storage.k8s.io","kind":"VolumeSnapshot","name":"kiban-dataset-1"}""");
        ((string?)claim["metadata"]!["labels"]![DatasetsApi.SourceLabel]).ShouldBe(LoadKey.OfSource(Request()));
        var once = claim.ToJsonString();
        ClaimFilling.Apply(claim, Request(), choice);
        claim.ToJsonString().ShouldBe(once);
        ClaimFilling.IsOpen(claim).ShouldBeFalse();
    }

    [Fact]
    public void Reason_against_a_snapshot_is_recorded_and_records_of_a_copied_manifest_are_dropped()
    {
        var claim = Claim();
        claim["metadata"]!["annotations"]![DatasetsApi.Records.Loaded] = "of-another-claim";
        ClaimFilling.Apply(claim, Request(), new SnapshotChoice(null, "it is too small"));
        var annotations = claim["metadata"]!["annotations"]!;
        ((string?)annotations[DatasetsApi.Records.NotFromCache], annotations[DatasetsApi.Records.Loaded]).ShouldBe(("it is too small", null));
        claim["spec"]!["dataSource"].ShouldBeNull();
    }

    [Theory]
    [InlineData("""{"dataSource":{"kind":"PersistentVolumeClaim","name":"x"}}""")]
    [InlineData("""{"dataSourceRef":{"kind":"X","name":"x"}}""")]
    [InlineData("""{"volumeName":"pv"}""")]
    public void Claim_whose_volume_is_chosen_already_is_left_alone(string spec) =>
        ClaimFilling.IsOpen(new JsonObject { ["spec"] = JsonNode.Parse(spec) }).ShouldBeFalse();

    private static JsonObject Claim() => (JsonObject)JsonNode.Parse(
        """{"metadata":{"name":"x","annotations":{"dataset.kiban.dev/source":"s3://bucket/"}},"spec":{"accessModes":["ReadWriteOnce"]}}""")!;

    private static DatasetRequest Request() => DatasetRequest.Read([new("dataset.kiban.dev/source", "s3://bucket/")], out _)!;
}
