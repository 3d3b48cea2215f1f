using Kiban.Datasets.Queueing;
using Kiban.Datasets.Waiting;
using Kiban.Testing.Golden;

namespace Kiban.Datasets.Tests.Queueing;

public sealed class QueueHoldTests
{
    [Theory]
    [InlineData(null, "kiban.dev/data")]
    [InlineData("", "kiban.dev/data")]
    [InlineData("example.com/a", "example.com/a,kiban.dev/data")]
    [InlineData("example.com/a, kiban.dev/data", "example.com/a, kiban.dev/data")]
    public void Name_is_added_once_beside_others(string? before, string after) => GatedByAnnotation.With(before).ShouldBe(after);

    [Theory]
    [InlineData(null, null)]
    [InlineData("kiban.dev/data", null)]
    [InlineData("example.com/a, kiban.dev/data,example.com/b", "example.com/a,example.com/b")]
    [InlineData("example.com/kiban.dev/data", "example.com/kiban.dev/data")]
    public void Name_is_removed_and_no_other(string? before, string? after) => GatedByAnnotation.Without(before).ShouldBe(after);

    [Fact]
    public void Templates_are_found_wherever_a_kind_has_them()
    {
        var workload = Yaml.Document("""
            spec:
              pytorchReplicaSpecs:
                Master: {template: {spec: {containers: [{name: a}], volumes: [{name: v, persistentVolumeClaim: {claimName: one}}]}}}
                Worker: {template: {spec: {containers: [{name: b}], volumes: [{name: v, persistentVolumeClaim: {claimName: two}}, {name: w, persistentVolumeClaim: {claimName: one}}]}}}
              replicatedJobs:
                - {name: c, template: {spec: {template: {spec: {containers: [], volumes: [{name: v, persistentVolumeClaim: {claimName: three}}]}}}}}
              containers: none
            """);

        PodTemplates.In(workload).SelectMany(PodVolumes.ClaimNames).Distinct().ShouldBe(["one", "two", "three"]);
    }
}
