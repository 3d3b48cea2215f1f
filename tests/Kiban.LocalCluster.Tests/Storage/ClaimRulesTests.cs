using k8s.Models;
using Kiban.LocalCluster.Storage;

namespace Kiban.LocalCluster.Tests.Storage;

public class ClaimRulesTests
{
    private const string Node = "kiban-node";

    private static readonly V1StorageClass Immediate = LocalStorage.Classes.Single(value => value.VolumeBindingMode == "Immediate");
    private static readonly V1StorageClass OnFirstUse = LocalStorage.Classes.Single(value => value.VolumeBindingMode == "WaitForFirstConsumer");

    [Fact]
    public void Claim_of_the_immediate_class_gets_a_volume_at_once()
    {
        var volume = Provisioned(Claim(), Immediate);

        volume.Metadata.Name.ShouldBe("pvc-0f7c");
        volume.Metadata.Finalizers.ShouldBe([LocalStorage.Finalizer]);
        volume.Spec.Capacity["storage"].ToString().ShouldBe("3Gi");
        volume.Spec.ClaimRef.Uid.ShouldBe("0f7c");
        volume.Spec.PersistentVolumeReclaimPolicy.ShouldBe("Delete");
        volume.Spec.Local.Path.ShouldBe("/var/lib/kiban/volumes/pvc-0f7c");
        volume.Spec.NodeAffinity.Required.NodeSelectorTerms.Single().MatchExpressions.Single().Values.ShouldBe([Node]);
    }

    [Fact]
    public void Claim_of_the_waiting_class_waits_until_the_scheduler_has_selected_a_node()
    {
        Decide(Claim(), OnFirstUse).ShouldBeOfType<ClaimDecision.Leave>();

        var selected = Claim();
        selected.Metadata.Annotations["volume.kubernetes.io/selected-node"] = Node;
        Provisioned(selected, OnFirstUse).Spec.NodeAffinity.Required.NodeSelectorTerms.Single().MatchExpressions.Single().Values.ShouldBe([Node]);
    }

    [Fact]
    public void Same_claim_always_gets_a_volume_of_the_same_name() =>
        Provisioned(Claim(), Immediate).Metadata.Name.ShouldBe(Provisioned(Claim(), Immediate).Metadata.Name);

    [Theory]
    [InlineData("volume.beta.kubernetes.io/storage-provisioner")]
    [InlineData("volume.kubernetes.io/storage-provisioner")]
    public void Request_of_old_and_new_releases_is_understood(string annotation)
    {
        var claim = Claim();
        claim.Metadata.Annotations = new Dictionary<string, string> { [annotation] = LocalStorage.Provisioner };

        Decide(claim, Immediate).ShouldBeOfType<ClaimDecision.Provision>();
    }

    [Fact]
    public void Claim_that_is_bound_deleted_or_not_asked_for_is_left_alone()
    {
        var bound = Claim();
        bound.Spec.VolumeName = "pvc-0f7c";
        var deleted = Claim();
        deleted.Metadata.DeletionTimestamp = DateTime.UnixEpoch;
        var unasked = Claim();
        unasked.Metadata.Annotations.Clear();
        var foreign = new V1StorageClass { Metadata = new V1ObjectMeta { Name = "fast" }, Provisioner = "example.com/fast" };

        Decide(bound, Immediate).ShouldBeOfType<ClaimDecision.Leave>();
        Decide(deleted, Immediate).ShouldBeOfType<ClaimDecision.Leave>();
        Decide(unasked, Immediate).ShouldBeOfType<ClaimDecision.Leave>();
        Decide(Claim(), foreign).ShouldBeOfType<ClaimDecision.Leave>();
        Decide(Claim(), null).ShouldBeOfType<ClaimDecision.Leave>();
    }

    [Theory]
    [InlineData("ReadWriteMany")]
    [InlineData("ReadOnlyMany")]
    public void Access_by_several_nodes_is_refused(string mode)
    {
        var claim = Claim();
        claim.Spec.AccessModes = ["ReadWriteOnce", mode];

        Refused(claim).ShouldBe($"spec.accessModes has {mode}, but local volumes are for one node; use ReadWriteOnce or ReadWriteOncePod.");
    }

    [Fact]
    public void Block_device_and_selector_are_refused_with_the_field()
    {
        var block = Claim();
        block.Spec.VolumeMode = "Block";
        var selector = Claim();
        selector.Spec.Selector = new V1LabelSelector();

        Refused(block).ShouldStartWith("spec.volumeMode is Block");
        Refused(selector).ShouldStartWith("spec.selector is set");
    }

    [Fact]
    public void Claim_whose_pod_was_scheduled_elsewhere_is_refused_with_both_nodes()
    {
        var claim = Claim();
        claim.Metadata.Annotations["volume.kubernetes.io/selected-node"] = "hollow-7";

        Decide(claim, OnFirstUse).ShouldBeOfType<ClaimDecision.Refuse>().Message.ShouldBe(
            "the scheduler selected node hollow-7, but local volumes are made on kiban-node only.");
    }

    internal static V1PersistentVolumeClaim Claim() => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = "data",
            NamespaceProperty = "shop",
            Uid = "0f7c",
            Annotations = new Dictionary<string, string> { ["volume.beta.kubernetes.io/storage-provisioner"] = LocalStorage.Provisioner },
        },
        Spec = new V1PersistentVolumeClaimSpec
        {
            AccessModes = ["ReadWriteOnce"],
            StorageClassName = LocalStorage.ImmediateClass,
            VolumeMode = "Filesystem",
            Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new("3Gi") } },
        },
    };

    private static ClaimDecision Decide(V1PersistentVolumeClaim claim, V1StorageClass? storageClass) => ClaimRules.Decide(claim, storageClass, new ObservedSource(), Node);

    private static V1PersistentVolume Provisioned(V1PersistentVolumeClaim claim, V1StorageClass storageClass) =>
        Decide(claim, storageClass).ShouldBeOfType<ClaimDecision.Provision>().Volume;

    private static string Refused(V1PersistentVolumeClaim claim) => Decide(claim, Immediate).ShouldBeOfType<ClaimDecision.Refuse>().Message;
}
