using k8s.Models;
using Kiban.LocalCluster.Snapshots.Api;
using Kiban.LocalCluster.Storage;
using Kiban.LocalCluster.Tests.Snapshots;

namespace Kiban.LocalCluster.Tests.Storage;

public class ClaimSourceRulesTests
{
    [Fact]
    public void Claim_without_source_begins_empty() =>
        ClaimSourceRules.Decide(ClaimRulesTests.Claim(), new ObservedSource()).ShouldBeOfType<ClaimSource.Empty>();

    [Fact]
    public void Claim_is_filled_from_a_snapshot_that_is_ready() =>
        ClaimSourceRules.Decide(FromSnapshot(), Ready()).ShouldBe(new ClaimSource.Snapshot("snapshot-77aa"));

    [Fact]
    public void Newer_field_beats_the_older()
    {
        var claim = FromSnapshot();
        claim.Spec.DataSourceRef = new V1TypedObjectReference { ApiGroup = "", Kind = "PersistentVolumeClaim", Name = "other" };

        ClaimSourceRules.Decide(claim, Ready()).ShouldBe(new ClaimSource.Pending("PersistentVolumeClaim other of spec.dataSource does not exist."));
    }

    [Fact]
    public void Claim_waits_for_its_snapshot_to_be_there_ready_and_bound_both_ways()
    {
        var unready = Ready();
        unready.Snapshot!.Status = new VolumeSnapshotStatus { ReadyToUse = false, Error = new VolumeSnapshotError { Message = "disk full" } };
        var deleted = Ready();
        deleted.Snapshot!.Metadata.DeletionTimestamp = DateTime.UnixEpoch;
        var foreign = Ready();
        foreign.Content!.Spec.VolumeSnapshotRef.Uid = "another";

        Pending(new ObservedSource()).ShouldBe("VolumeSnapshot monday of spec.dataSource does not exist.");
        Pending(unready).ShouldBe("VolumeSnapshot monday of spec.dataSource is not ready to use: disk full");
        Pending(deleted).ShouldBe("VolumeSnapshot monday of spec.dataSource is being deleted.");
        Pending(foreign).ShouldEndWith("do not point at each other.");
    }

    [Fact]
    public void Claim_smaller_than_the_snapshot_is_refused_with_both_sizes()
    {
        var claim = FromSnapshot();
        claim.Spec.Resources.Requests["storage"] = new ResourceQuantity("2Gi");

        ClaimSourceRules.Decide(claim, Ready()).ShouldBe(
            new ClaimSource.Impossible("spec.resources.requests.storage is 2Gi, but VolumeSnapshot monday of spec.dataSource needs at least 3Gi."));
    }

    [Fact]
    public void Other_namespace_and_other_kinds_are_refused()
    {
        var elsewhere = FromSnapshot();
        elsewhere.Spec.DataSourceRef = new V1TypedObjectReference { ApiGroup = SnapshotApi.Group, Kind = "VolumeSnapshot", Name = "monday", NamespaceProperty = "bank" };
        var populator = FromSnapshot();
        populator.Spec.DataSource = new V1TypedLocalObjectReference { ApiGroup = "example.com", Kind = "Hello", Name = "world" };

        ClaimSourceRules.Decide(elsewhere, Ready()).ShouldBe(
            new ClaimSource.Impossible("spec.dataSourceRef.namespace is bank, but local volumes are filled from the claim's own namespace only."));
        ClaimSourceRules.Decide(populator, Ready()).ShouldBeOfType<ClaimSource.Impossible>().Message.ShouldStartWith("spec.dataSource is a Hello of example.com");
    }

    [Fact]
    public void Snapshot_of_another_driver_is_refused()
    {
        var seen = Ready();
        seen.Content!.Spec = seen.Content.Spec with { Driver = "csi.trident.netapp.io" };

        ClaimSourceRules.Decide(FromSnapshot(), seen).ShouldBeOfType<ClaimSource.Impossible>().Message.ShouldContain("csi.trident.netapp.io");
    }

    [Fact]
    public void Claim_is_a_copy_of_another_one_of_at_most_its_size()
    {
        var (source, volume) = (SnapshotObjects.BoundClaim(), SnapshotObjects.Volume());
        var seen = new ObservedSource { Claim = source, Volume = volume };

        ClaimSourceRules.Decide(FromClaim(), seen).ShouldBe(new ClaimSource.Volume("pvc-0f7c", "data", "0f7c"));
        volume.Spec.Capacity["storage"] = new ResourceQuantity("4Gi");
        ClaimSourceRules.Decide(FromClaim(), seen).ShouldBeOfType<ClaimSource.Impossible>().Message.ShouldEndWith("needs at least 4Gi.");
        source.Status.Phase = "Pending";
        ClaimSourceRules.Decide(FromClaim(), seen).ShouldBeOfType<ClaimSource.Pending>();
    }

    private static string Pending(ObservedSource seen) => ClaimSourceRules.Decide(FromSnapshot(), seen).ShouldBeOfType<ClaimSource.Pending>().Message;

    private static V1PersistentVolumeClaim FromSnapshot()
    {
        var claim = ClaimRulesTests.Claim();
        claim.Spec.DataSource = new V1TypedLocalObjectReference { ApiGroup = SnapshotApi.Group, Kind = "VolumeSnapshot", Name = "monday" };
        return claim;
    }

    private static V1PersistentVolumeClaim FromClaim()
    {
        var claim = ClaimRulesTests.Claim();
        claim.Spec.DataSource = new V1TypedLocalObjectReference { Kind = "PersistentVolumeClaim", Name = "data" };
        return claim;
    }

    private static ObservedSource Ready()
    {
        var snapshot = SnapshotObjects.Snapshot();
        snapshot.Status = new VolumeSnapshotStatus { ReadyToUse = true, BoundVolumeSnapshotContentName = "snapcontent-77aa" };
        var content = SnapshotObjects.Content();
        content.Status = new VolumeSnapshotContentStatus { ReadyToUse = true, SnapshotHandle = "snapshot-77aa", RestoreSize = 3L << 30 };
        return new ObservedSource { Snapshot = snapshot, Content = content };
    }
}
