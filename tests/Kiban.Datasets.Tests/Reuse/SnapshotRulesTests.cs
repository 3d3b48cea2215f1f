using k8s.Models;
using Kiban.Datasets.Api;
using Kiban.Datasets.Reuse;

namespace Kiban.Datasets.Tests.Reuse;

public sealed class SnapshotRulesTests
{
    private const string Driver = "csi.example.com";

    private static readonly DateTime Now = new(2026, 11, 24, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Newest_snapshot_that_is_ready_serves()
    {
        var choice = Choose(Claim("10Gi"), Snapshot("old", hours: 5), Snapshot("new", hours: 1), Snapshot("unfinished", hours: 0, isReady: false));
        choice.Snapshot!.Metadata.Name.ShouldBe("new");
        choice.Refusal.ShouldBeNull();
    }

    [Fact]
    public void Claim_that_asks_for_less_than_the_snapshot_needs_is_told_so()
    {
        var choice = Choose(Claim("5Gi"), Snapshot("large", size: "10Gi"));
        choice.Snapshot.ShouldBeNull();
        choice.Refusal.ShouldBe("snapshot large needs 10Gi, and the claim asks for less");
    }

    [Fact]
    public void Snapshot_of_another_driver_does_not_serve()
    {
        var choice = SnapshotRules.Choose(Claim("10Gi"), "other.example.com", [Snapshot("a")], _ => Driver);
        choice.Snapshot.ShouldBeNull();
        choice.Refusal.ShouldBe($"snapshot a is of driver {Driver}, and the claim's StorageClass fast is of other.example.com");
    }

    [Fact]
    public void Older_snapshot_serves_where_the_newest_is_too_large() =>
        Choose(Claim("5Gi"), Snapshot("large", size: "10Gi"), Snapshot("small", hours: 9, size: "5Gi")).Snapshot!.Metadata.Name.ShouldBe("small");

    [Fact]
    public void Nothing_is_refused_where_there_is_no_snapshot() => Choose(Claim("1Gi")).ShouldBe(SnapshotChoice.None);

    [Fact]
    public void Default_class_of_the_driver_is_taken_and_that_of_another_never()
    {
        var classes = new[] { Class("a", Driver), Class("b", Driver, isDefault: true), Class("0", "other.example.com", isDefault: true) };
        SnapshotRules.ClassFor(Driver, classes)!.Metadata.Name.ShouldBe("b");
        SnapshotRules.ClassFor(Driver, classes[..1])!.Metadata.Name.ShouldBe("a");
        SnapshotRules.ClassFor("none.example.com", classes).ShouldBeNull();
        SnapshotRules.ClassFor(null, classes).ShouldBeNull();
    }

    [Fact]
    public void Snapshots_beyond_number_size_and_age_go_and_those_in_use_stay()
    {
        VolumeSnapshot[] all = [Snapshot("1", hours: 1), Snapshot("2", hours: 2), Snapshot("3", hours: 3), Snapshot("old", hours: 100)];
        Surplus(all, new DatasetCacheOptions { MaxSnapshotsPerNamespace = 2 }).ShouldBe(["3", "old"]);
        Surplus(all, new DatasetCacheOptions { MaxSizePerNamespace = "15Gi" }).ShouldBe(["2", "3", "old"]);
        Surplus(all, new DatasetCacheOptions { MaxAge = TimeSpan.FromHours(50) }).ShouldBe(["old"]);
        Surplus(all, new DatasetCacheOptions { MaxAge = TimeSpan.FromHours(50) }, "old").ShouldBeEmpty();
        Surplus(all, new DatasetCacheOptions()).ShouldBeEmpty();
    }

    private static IEnumerable<string> Surplus(IEnumerable<VolumeSnapshot> all, DatasetCacheOptions options, params string[] inUse) =>
        SnapshotRules.Surplus(all, inUse.ToHashSet(), options, Now).Select(snapshot => snapshot.Metadata.Name);

    private static SnapshotChoice Choose(DatasetClaimSpec claim, params VolumeSnapshot[] snapshots) => SnapshotRules.Choose(claim, Driver, snapshots, _ => Driver);

    private static DatasetClaimSpec Claim(string size) => new()
    {
        StorageClassName = "fast",
        Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new(size) } },
    };

    private static VolumeSnapshot Snapshot(string name, int hours = 1, string size = "10Gi", bool isReady = true) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, NamespaceProperty = "team", CreationTimestamp = Now.AddHours(-hours) },
        Status = new VolumeSnapshotStatus { ReadyToUse = isReady, RestoreSize = size },
    };

    private static VolumeSnapshotClass Class(string name, string driver, bool isDefault = false) => new()
    {
        Metadata = new V1ObjectMeta
        {
            Name = name,
            Annotations = isDefault ? new Dictionary<string, string> { ["snapshot.storage.kubernetes.io/is-default-class"] = "true" } : null,
        },
        Driver = driver,
    };
}
