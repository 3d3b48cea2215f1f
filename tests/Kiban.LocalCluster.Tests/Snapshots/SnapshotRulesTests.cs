using k8s.Models;
using Kiban.LocalCluster.Snapshots;
using Kiban.LocalCluster.Snapshots.Api;
using static Kiban.LocalCluster.Tests.Snapshots.SnapshotObjects;

namespace Kiban.LocalCluster.Tests.Snapshots;

public class SnapshotRulesTests
{
    [Fact]
    public void Snapshot_gets_default_class_finalizers_and_a_protected_claim_before_its_content()
    {
        var seen = Seen();
        seen.Snapshot.Spec = seen.Snapshot.Spec with { VolumeSnapshotClassName = null };
        seen.Snapshot.Metadata.Finalizers = [];
        SnapshotRules.Decide(seen).ShouldBe(new SnapshotDecision.SetClass(SnapshotApi.DefaultClass));

        seen.Snapshot.Spec = seen.Snapshot.Spec with { VolumeSnapshotClassName = SnapshotApi.DefaultClass };
        SnapshotRules.Decide(seen).ShouldBeOfType<SnapshotDecision.Protect>();

        seen.Snapshot.Metadata.Finalizers = Snapshot().Metadata.Finalizers;
        SnapshotRules.Decide(seen).ShouldBeOfType<SnapshotDecision.ProtectClaim>();

        seen.Claim!.Metadata.Finalizers = [SnapshotApi.ClaimFinalizer];
        var content = SnapshotRules.Decide(seen).ShouldBeOfType<SnapshotDecision.CreateContent>().Content;
        content.Metadata.Name.ShouldBe("snapcontent-77aa");
        content.Metadata.Finalizers.ShouldBe([SnapshotApi.ContentFinalizer]);
        content.Spec.Source.VolumeHandle.ShouldBe("pvc-0f7c");
        content.Spec.SourceVolumeMode.ShouldBe("Filesystem");
        content.Spec.DeletionPolicy.ShouldBe("Delete");
        SnapshotRules.AreBound(seen.Snapshot, content).ShouldBeTrue();
    }

    [Fact]
    public void Reason_why_a_snapshot_cannot_be_taken_names_the_field()
    {
        Failure(Seen() with { Claim = null }).ShouldBe("PersistentVolumeClaim data of spec.source.persistentVolumeClaimName does not exist.");
        Failure(Seen() with { Classes = [] }).ShouldBe("VolumeSnapshotClass local of spec.volumeSnapshotClassName does not exist.");
        var unbound = Seen();
        unbound.Claim!.Status.Phase = "Pending";
        Failure(unbound).ShouldContain("is not bound to a volume");
        var leaving = Seen();
        leaving.Claim!.Metadata.DeletionTimestamp = DateTime.UnixEpoch;
        Failure(leaving).ShouldEndWith("is being deleted.");
    }

    [Fact]
    public void Default_class_has_to_be_one()
    {
        var seen = Seen();
        seen.Snapshot.Spec = seen.Snapshot.Spec with { VolumeSnapshotClassName = null };

        Failure(seen with { Classes = [Class(isDefault: false)] }).ShouldContain("no VolumeSnapshotClass of driver kiban.dev/local-path is the default");
        Failure(seen with { Classes = [Class("b"), Class("a")] }).ShouldContain("a and b are all the default");
    }

    [Fact]
    public void Snapshots_of_other_drivers_are_left_alone()
    {
        var foreignVolume = Seen();
        foreignVolume.Snapshot.Spec = foreignVolume.Snapshot.Spec with { VolumeSnapshotClassName = null };
        foreignVolume.Volume!.Metadata.Annotations.Clear();
        var foreignClass = Class();
        foreignClass.Driver = "csi.example.com";
        var foreignContent = Content();
        foreignContent.Spec = foreignContent.Spec with { Driver = "csi.example.com" };

        SnapshotRules.Decide(foreignVolume).ShouldBeOfType<SnapshotDecision.Leave>();
        SnapshotRules.Decide(Seen() with { Classes = [foreignClass] }).ShouldBeOfType<SnapshotDecision.Leave>();
        SnapshotRules.Decide(Seen() with { Content = foreignContent }).ShouldBeOfType<SnapshotDecision.Leave>();
    }

    [Fact]
    public void Status_follows_the_content_and_the_claim_is_let_go_when_it_is_copied()
    {
        var seen = Seen() with { Content = Content() };
        seen.Claim!.Metadata.Finalizers = [SnapshotApi.ClaimFinalizer];
        seen.Content!.Status = new VolumeSnapshotContentStatus { ReadyToUse = true, RestoreSize = 3L << 30, CreationTime = 1_700_000_000_123_456_700, SnapshotHandle = "snapshot-77aa" };

        var status = SnapshotRules.Decide(seen).ShouldBeOfType<SnapshotDecision.Report>().Status;
        status.ShouldBe(new VolumeSnapshotStatus
        {
            BoundVolumeSnapshotContentName = "snapcontent-77aa", ReadyToUse = true, RestoreSize = "3Gi", CreationTime = DateTime.UnixEpoch.AddSeconds(1_700_000_000),
        });

        seen.Snapshot.Status = status;
        SnapshotRules.Decide(seen with { ClaimIsCopiedForOthers = true }).ShouldBeOfType<SnapshotDecision.Leave>();
        SnapshotRules.Decide(seen).ShouldBeOfType<SnapshotDecision.ReleaseClaim>();
        seen.Claim.Metadata.Finalizers = [];
        SnapshotRules.Decide(seen).ShouldBeOfType<SnapshotDecision.Leave>();
    }

    [Fact]
    public void Error_of_the_content_is_told_on_the_snapshot()
    {
        var error = new VolumeSnapshotError { Message = "disk full", Time = DateTime.UnixEpoch };
        var seen = Seen() with { Content = Content() };
        seen.Content!.Status = new VolumeSnapshotContentStatus { ReadyToUse = false, Error = error };

        SnapshotRules.Decide(seen).ShouldBeOfType<SnapshotDecision.Report>().Status.Error.ShouldBe(error);
    }

    [Fact]
    public void Given_content_is_bound_only_by_the_snapshot_it_names()
    {
        var seen = Given();
        SnapshotRules.Decide(seen).ShouldBeOfType<SnapshotDecision.Bind>();

        seen.Content!.Spec.VolumeSnapshotRef.Uid = "77aa";
        SnapshotRules.Decide(seen).ShouldBeOfType<SnapshotDecision.Report>();

        seen.Content.Spec.VolumeSnapshotRef.Uid = "of a namesake that was deleted";
        Failure(seen).ShouldContain("is for VolumeSnapshot shop/monday");

        seen.Content.Spec.VolumeSnapshotRef.Uid = null;
        seen.Content.Spec.VolumeSnapshotRef.NamespaceProperty = "bank";
        Failure(seen).ShouldContain("is for VolumeSnapshot bank/monday");

        Failure(seen with { Content = null }).ShouldContain("does not exist");
    }

    [Fact]
    public void Content_of_a_volume_is_not_given_out()
    {
        var seen = Given();
        seen.Content!.Spec = Content().Spec;

        Failure(seen).ShouldContain("spec.source.snapshotHandle");
    }

    [Fact]
    public void Deletion_waits_for_claims_that_are_being_filled()
    {
        var seen = Deleted(Seen() with { Content = Content(), RestoringClaim = "copy" });

        SnapshotRules.Decide(seen).ShouldBeOfType<SnapshotDecision.Hold>().Message.ShouldContain("PersistentVolumeClaim copy");
    }

    [Fact]
    public void Deleted_snapshot_takes_its_content_along_and_goes_last()
    {
        var seen = Deleted(Seen() with { Content = Content() });
        SnapshotRules.Decide(seen).ShouldBe(new SnapshotDecision.GiveUpContent(Delete: true));

        seen.Content!.Metadata.Annotations = new Dictionary<string, string> { [SnapshotApi.BeingDeletedAnnotation] = "yes" };
        SnapshotRules.Decide(seen).ShouldBe(new SnapshotDecision.GiveUpContent(Delete: true));

        seen.Content.Metadata.DeletionTimestamp = DateTime.UnixEpoch;
        SnapshotRules.Decide(seen).ShouldBeOfType<SnapshotDecision.Leave>();

        seen = seen with { Content = null };
        seen.Claim!.Metadata.Finalizers = [SnapshotApi.ClaimFinalizer];
        SnapshotRules.Decide(seen).ShouldBeOfType<SnapshotDecision.ReleaseClaim>();
        SnapshotRules.Decide(seen with { ClaimIsCopiedForOthers = true }).ShouldBeOfType<SnapshotDecision.Release>();
    }

    [Fact]
    public void Retained_content_outlives_its_snapshot()
    {
        var seen = Deleted(Seen() with { Content = Content() });
        seen.Content!.Spec = seen.Content.Spec with { DeletionPolicy = "Retain" };
        SnapshotRules.Decide(seen).ShouldBe(new SnapshotDecision.GiveUpContent(Delete: false));

        seen.Content.Metadata.Annotations = new Dictionary<string, string> { [SnapshotApi.BeingDeletedAnnotation] = "yes" };
        SnapshotRules.Decide(seen).ShouldBeOfType<SnapshotDecision.Release>();
    }

    private static string Failure(SnapshotObservation seen) => SnapshotRules.Decide(seen).ShouldBeOfType<SnapshotDecision.Fail>().Message;

    private static SnapshotObservation Seen() => new() { Snapshot = Snapshot(), Claim = BoundClaim(), Volume = Volume(), Classes = [Class()] };

    private static SnapshotObservation Given()
    {
        var (snapshot, content) = (Snapshot(), Content());
        snapshot.Spec = new VolumeSnapshotSpec { Source = new VolumeSnapshotSource { VolumeSnapshotContentName = content.Metadata.Name } };
        content.Spec = content.Spec with
        {
            Source = new VolumeSnapshotContentSource { SnapshotHandle = "snapshot-of-another" },
            VolumeSnapshotRef = new V1ObjectReference { Name = "monday", NamespaceProperty = "shop" },
        };
        return new SnapshotObservation { Snapshot = snapshot, Content = content, Classes = [Class()] };
    }

    private static SnapshotObservation Deleted(SnapshotObservation seen)
    {
        seen.Snapshot.Metadata.DeletionTimestamp = DateTime.UnixEpoch;
        return seen;
    }
}
