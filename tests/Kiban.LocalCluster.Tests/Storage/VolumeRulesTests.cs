using k8s.Models;
using Kiban.LocalCluster.Storage;

namespace Kiban.LocalCluster.Tests.Storage;

public class VolumeRulesTests
{
    [Theory]
    [InlineData("Delete", "Bound", VolumeDecision.Leave)]
    [InlineData("Delete", "Available", VolumeDecision.Leave)]
    [InlineData("Delete", "Released", VolumeDecision.Delete)]
    [InlineData("Delete", "Failed", VolumeDecision.Delete)]
    [InlineData("Retain", "Released", VolumeDecision.Leave)]
    [InlineData("Retain", "Failed", VolumeDecision.Leave)]
    public void Volume_is_deleted_when_its_claim_is_gone_and_the_policy_is_delete(string policy, string phase, object expected)
    {
        var volume = Volume(policy);
        volume.Status = new V1PersistentVolumeStatus { Phase = phase };

        VolumeRules.Decide(volume).ShouldBe((VolumeDecision)expected);
    }

    [Fact]
    public void Volume_that_is_being_deleted_keeps_its_data_while_a_claim_is_bound_to_it()
    {
        var volume = BeingDeleted("Delete");
        volume.Metadata.Finalizers.Add("kubernetes.io/pv-protection");
        VolumeRules.Decide(volume).ShouldBe(VolumeDecision.Leave);

        volume.Metadata.Finalizers.Remove("kubernetes.io/pv-protection");
        VolumeRules.Decide(volume).ShouldBe(VolumeDecision.Remove);
    }

    [Fact]
    public void Data_of_a_retained_volume_outlives_its_object() => VolumeRules.Decide(BeingDeleted("Retain")).ShouldBe(VolumeDecision.Release);

    [Fact]
    public void Volume_whose_data_is_dealt_with_is_left_alone()
    {
        var volume = BeingDeleted("Delete");
        volume.Metadata.Finalizers.Clear();

        VolumeRules.Decide(volume).ShouldBe(VolumeDecision.Leave);
    }

    [Fact]
    public void Volume_of_another_provisioner_is_left_alone()
    {
        var volume = BeingDeleted("Delete");
        volume.Metadata.Annotations["pv.kubernetes.io/provisioned-by"] = "example.com/fast";

        VolumeRules.Decide(volume).ShouldBe(VolumeDecision.Leave);
    }

    private static V1PersistentVolume BeingDeleted(string policy)
    {
        var volume = Volume(policy);
        volume.Metadata.DeletionTimestamp = DateTime.UnixEpoch;
        return volume;
    }

    private static V1PersistentVolume Volume(string policy) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = "pvc-0f7c",
            Annotations = new Dictionary<string, string> { ["pv.kubernetes.io/provisioned-by"] = LocalStorage.Provisioner },
            Finalizers = [LocalStorage.Finalizer],
        },
        Spec = new V1PersistentVolumeSpec { PersistentVolumeReclaimPolicy = policy },
        Status = new V1PersistentVolumeStatus { Phase = "Released" },
    };
}
