using Kiban.LocalCluster.Snapshots;
using Kiban.LocalCluster.Snapshots.Api;
using static Kiban.LocalCluster.Tests.Snapshots.SnapshotObjects;

namespace Kiban.LocalCluster.Tests.Snapshots;

public class ContentRulesTests
{
    private static readonly SnapshotRecord Data = new(DateTime.UnixEpoch.AddSeconds(1.5), 3L << 30, "pvc-0f7c");

    [Fact]
    public void Volume_is_copied_and_the_copy_reported()
    {
        ContentRules.Decide(Content(), isBound: true, data: null).ShouldBe(new ContentDecision.Take("snapshot-77aa", "pvc-0f7c"));

        var status = ContentRules.Decide(Content(), isBound: true, Data).ShouldBeOfType<ContentDecision.Report>().Status;
        status.ShouldBe(new VolumeSnapshotContentStatus { SnapshotHandle = "snapshot-77aa", ReadyToUse = true, RestoreSize = 3L << 30, CreationTime = 1_500_000_000 });

        var done = Content();
        done.Status = status;
        ContentRules.Decide(done, isBound: true, Data).ShouldBeOfType<ContentDecision.Leave>();
    }

    [Fact]
    public void Data_that_was_lost_is_not_taken_anew_from_a_volume_that_has_moved_on()
    {
        var content = Content();
        content.Status = new VolumeSnapshotContentStatus { ReadyToUse = true };

        ContentRules.Decide(content, isBound: true, data: null).ShouldBeOfType<ContentDecision.Leave>();
    }

    [Fact]
    public void Content_is_protected_before_anything_is_taken_for_it()
    {
        var content = Content();
        content.Metadata.Finalizers = [];

        ContentRules.Decide(content, isBound: true, data: null).ShouldBeOfType<ContentDecision.Protect>();
    }

    [Fact]
    public void Handle_that_was_given_is_found_or_told_missing()
    {
        var content = Content();
        content.Spec = content.Spec with { Source = new VolumeSnapshotContentSource { SnapshotHandle = "snapshot-of-another" } };

        ContentRules.Decide(content, isBound: false, Data).ShouldBeOfType<ContentDecision.Report>().Status.SnapshotHandle.ShouldBe("snapshot-of-another");
        ContentRules.Decide(content, isBound: false, data: null).ShouldBe(
            new ContentDecision.Fail("Snapshot snapshot-of-another of spec.source.snapshotHandle does not exist on this node."));
    }

    [Fact]
    public void Content_deleted_by_hand_stays_as_long_as_its_snapshot()
    {
        var content = Content();
        content.Metadata.DeletionTimestamp = DateTime.UnixEpoch;
        ContentRules.Decide(content, isBound: true, Data).ShouldBeOfType<ContentDecision.Leave>();

        content.Metadata.Annotations = new Dictionary<string, string> { [SnapshotApi.BeingDeletedAnnotation] = "yes" };
        ContentRules.Decide(content, isBound: true, Data).ShouldBe(new ContentDecision.Remove("snapshot-77aa"));
        ContentRules.Decide(content, isBound: false, Data).ShouldBe(new ContentDecision.Remove("snapshot-77aa"));
    }

    [Fact]
    public void Data_of_a_retained_content_outlives_it()
    {
        var content = Content();
        content.Metadata.DeletionTimestamp = DateTime.UnixEpoch;
        content.Spec = content.Spec with { DeletionPolicy = "Retain" };

        ContentRules.Decide(content, isBound: false, Data).ShouldBeOfType<ContentDecision.Release>();
    }

    [Fact]
    public void Content_of_another_driver_is_left_alone()
    {
        var content = Content();
        content.Spec = content.Spec with { Driver = "csi.example.com" };

        ContentRules.Decide(content, isBound: true, data: null).ShouldBeOfType<ContentDecision.Leave>();
    }
}
