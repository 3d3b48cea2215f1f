using Kiban.Testing;

namespace Kiban.LocalCluster.Tests.Snapshots;

/// <summary>Snapshots of volumes in a cluster whose Pods run.</summary>
public class SnapshotTests(NodeFixture fixture)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Snapshot_fills_volumes_of_both_classes_with_what_was_there_when_it_was_taken()
    {
        var cluster = await fixture.ClusterAsync();
        var ns = await cluster.CreateNamespaceAsync();
        await FillAsync(cluster, ns, "data");
        await cluster.ApplyAsync(Snapshot("monday", "persistentVolumeClaimName: data"), ns);
        await WaitUntilReadyAsync(cluster, ns, "monday");
        var data = await DirectoryAsync(cluster, ns, "data");
        await File.WriteAllTextAsync(Path.Combine(data, "file"), "tuesday", Cancelled);

        await cluster.ApplyAsync(Claim("copy", "local-immediate", "monday") + "\n---\n" + Claim("later", "local", "monday") + "\n---\n" + Reader("later"), ns);

        (await cluster.WaitForOutputAsync("reader", ns)).ShouldBe("monday\n");
        await WaitForPhaseAsync(cluster, ns, "copy", "Bound");
        File.ReadAllText(Path.Combine(await DirectoryAsync(cluster, ns, "copy"), "file")).ShouldBe("monday\n");
        (await cluster.KubectlAsync("get", "vs", "monday", "-n", ns, "-o", "jsonpath={.spec.volumeSnapshotClassName} {.status.restoreSize} {.status.error}")).ShouldBe("local 1Gi ");
        (await cluster.KubectlAsync("get", "pvc", "data", "-n", ns, "-o", "jsonpath={.metadata.finalizers}")).ShouldNotContain("pvc-as-source-protection");

        // Gone with the snapshot, while what was filled from it stays.
        var content = await cluster.KubectlAsync("get", "vs", "monday", "-n", ns, "-o", "jsonpath={.status.boundVolumeSnapshotContentName}");
        var handle = await cluster.KubectlAsync("get", "vsc", content, "-o", "jsonpath={.status.snapshotHandle}");
        Directory.Exists(Path.Combine(cluster.Node.Snapshots, handle)).ShouldBeTrue();
        await cluster.KubectlAsync("delete", "vs", "monday", "-n", ns, "--timeout=60s");
        (await cluster.KubectlAsync("get", "vsc", content, "--ignore-not-found")).ShouldBe("");
        Directory.Exists(Path.Combine(cluster.Node.Snapshots, handle)).ShouldBeFalse();
        File.ReadAllText(Path.Combine(await DirectoryAsync(cluster, ns, "copy"), "file")).ShouldBe("monday\n");
    }

    [Fact]
    public async Task Claim_waits_for_its_snapshot_and_one_that_is_too_small_is_told_so()
    {
        var cluster = await fixture.ClusterAsync();
        var ns = await cluster.CreateNamespaceAsync();
        await FillAsync(cluster, ns, "data");

        await cluster.ApplyAsync(Claim("early", "local-immediate", "monday"), ns);
        await cluster.ApplyAsync(Claim("small", "local-immediate", "monday").Replace("1Gi", "1Mi", StringComparison.Ordinal), ns);
        await WaitForEventAsync(cluster, ns, "early", "WaitForDataSource", "VolumeSnapshot monday of spec.dataSource does not exist.");
        await cluster.ApplyAsync(Snapshot("monday", "persistentVolumeClaimName: data"), ns);

        await WaitForPhaseAsync(cluster, ns, "early", "Bound");
        File.ReadAllText(Path.Combine(await DirectoryAsync(cluster, ns, "early"), "file")).ShouldBe("monday\n");
        await WaitForEventAsync(cluster, ns, "small", "ProvisioningFailed", "spec.resources.requests.storage is 1Mi, but VolumeSnapshot monday of spec.dataSource needs at least 1Gi.");

        // As long as a claim waits to be filled from it, the snapshot stays.
        await cluster.KubectlAsync("delete", "vs", "monday", "-n", ns, "--wait=false");
        await WaitForEventAsync(cluster, ns, "monday", "SnapshotDeletePending", "PersistentVolumeClaim small is to be filled from the snapshot, which is deleted when that is done.");
        await cluster.KubectlAsync("delete", "pvc", "small", "-n", ns);
        await cluster.KubectlAsync("wait", "--for=delete", "vs/monday", "-n", ns, "--timeout=60s");
    }

    [Fact]
    public async Task Snapshot_is_given_out_to_another_namespace_by_its_handle()
    {
        var cluster = await fixture.ClusterAsync();
        var (mine, theirs) = (await cluster.CreateNamespaceAsync(), await cluster.CreateNamespaceAsync());
        await FillAsync(cluster, mine, "data");
        await cluster.ApplyAsync(Snapshot("monday", "persistentVolumeClaimName: data"), mine);
        await WaitUntilReadyAsync(cluster, mine, "monday");
        var content = await cluster.KubectlAsync("get", "vs", "monday", "-n", mine, "-o", "jsonpath={.status.boundVolumeSnapshotContentName}");
        var handle = await cluster.KubectlAsync("get", "vsc", content, "-o", "jsonpath={.status.snapshotHandle}");

        await cluster.ApplyAsync($$"""
            apiVersion: snapshot.storage.k8s.io/v1
            kind: VolumeSnapshotContent
            metadata: { name: {{theirs}} }
            spec:
              deletionPolicy: Retain
              driver: kiban.dev/local-path
              source: { snapshotHandle: {{handle}} }
              volumeSnapshotRef: { name: shared, namespace: {{theirs}} }
            """, theirs);
        await cluster.ApplyAsync(Snapshot("shared", $"volumeSnapshotContentName: {theirs}") + "\n---\n" + Claim("copy", "local-immediate", "shared"), theirs);

        await WaitForPhaseAsync(cluster, theirs, "copy", "Bound");
        File.ReadAllText(Path.Combine(await DirectoryAsync(cluster, theirs, "copy"), "file")).ShouldBe("monday\n");
        await cluster.KubectlAsync("delete", "vs", "shared", "-n", theirs, "--timeout=60s");
        await cluster.KubectlAsync("delete", "vsc", theirs, "--timeout=60s");
        Directory.Exists(Path.Combine(cluster.Node.Snapshots, handle)).ShouldBeTrue("the content was retained");
        (await cluster.KubectlAsync("get", "vs", "monday", "-n", mine, "-o", "jsonpath={.status.readyToUse}")).ShouldBe("true");
    }

    [Fact]
    public async Task Snapshot_of_a_claim_that_does_not_exist_says_so_and_is_taken_when_it_does()
    {
        var cluster = await fixture.ClusterAsync();
        var ns = await cluster.CreateNamespaceAsync();
        await cluster.ApplyAsync(Snapshot("monday", "persistentVolumeClaimName: data"), ns);

        await NodeCluster.WaitForAsync(
            async () => await cluster.KubectlAsync("get", "vs", "monday", "-n", ns, "-o", "jsonpath={.status.error.message}")
                == "PersistentVolumeClaim data of spec.source.persistentVolumeClaimName does not exist.",
            "the error",
            Cancelled);

        await FillAsync(cluster, ns, "data");
        await WaitUntilReadyAsync(cluster, ns, "monday");
        (await cluster.KubectlAsync("get", "vs", "monday", "-n", ns, "-o", "jsonpath={.status.error}")).ShouldBe("");
    }

    [Fact]
    public async Task Claim_is_a_copy_of_another_claim()
    {
        var cluster = await fixture.ClusterAsync();
        var ns = await cluster.CreateNamespaceAsync();
        await FillAsync(cluster, ns, "data");

        await cluster.ApplyAsync(
            Claim("copy", "local-immediate", "data").Replace("kind: VolumeSnapshot", "kind: PersistentVolumeClaim", StringComparison.Ordinal)
                .Replace("apiGroup: snapshot.storage.k8s.io, ", "", StringComparison.Ordinal), ns);

        await WaitForPhaseAsync(cluster, ns, "copy", "Bound");
        File.ReadAllText(Path.Combine(await DirectoryAsync(cluster, ns, "copy"), "file")).ShouldBe("monday\n");
    }

    internal static string Snapshot(string name, string source) => $$"""
        apiVersion: snapshot.storage.k8s.io/v1
        kind: VolumeSnapshot
        metadata: { name: {{name}} }
        spec: { source: { {{source}} } }
        """;

    internal static string Claim(string name, string storageClass, string? snapshot) => $$"""
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: { name: {{name}} }
        spec:
          storageClassName: {{storageClass}}
          accessModes: [ReadWriteOnce]
          resources: { requests: { storage: 1Gi } }
          {{(snapshot is null ? "" : $"dataSource: {{ apiGroup: snapshot.storage.k8s.io, kind: VolumeSnapshot, name: {snapshot} }}")}}
        """;

    internal static async Task<string> DirectoryAsync(NodeCluster cluster, string ns, string claim) =>
        Path.Combine(cluster.Node.Volumes, await cluster.KubectlAsync("get", "pvc", claim, "-n", ns, "-o", "jsonpath={.spec.volumeName}"));

    internal static Task WaitForPhaseAsync(NodeCluster cluster, string ns, string claim, string phase) => NodeCluster.WaitForAsync(
        async () => await cluster.KubectlAsync("get", "pvc", claim, "-n", ns, "-o", "jsonpath={.status.phase}") == phase,
        $"claim {claim} to be {phase}",
        Cancelled);

    internal static Task WaitUntilReadyAsync(NodeCluster cluster, string ns, string snapshot) => NodeCluster.WaitForAsync(
        async () => await cluster.KubectlAsync("get", "vs", snapshot, "-n", ns, "-o", "jsonpath={.status.readyToUse}") == "true",
        $"snapshot {snapshot}",
        Cancelled);

    /// <summary>A claim whose volume has one file, which says monday.</summary>
    internal static async Task FillAsync(NodeCluster cluster, string ns, string claim)
    {
        await cluster.ApplyAsync(Claim(claim, "local-immediate", snapshot: null), ns);
        await WaitForPhaseAsync(cluster, ns, claim, "Bound");
        await File.WriteAllTextAsync(Path.Combine(await DirectoryAsync(cluster, ns, claim), "file"), "monday\n", Cancelled);
    }

    private static string Reader(string claim) => $$"""
        apiVersion: v1
        kind: Pod
        metadata: { name: reader }
        spec:
          restartPolicy: Never
          containers:
          - name: box
            image: kiban.dev/test-box:dev
            command: [/bin/busybox, cat, /data/file]
            volumeMounts: [{ name: data, mountPath: /data }]
          volumes: [{ name: data, persistentVolumeClaim: { claimName: {{claim}} } }]
        """;

    private static async Task WaitForEventAsync(NodeCluster cluster, string ns, string name, string reason, string message)
    {
        var seen = "";
        await NodeCluster.WaitForAsync(
            async () => (seen = await cluster.KubectlAsync(
                "get", "events", "-n", ns, "--field-selector", $"reason={reason},involvedObject.name={name}", "-o", "jsonpath={.items[*].message}")).Contains(message, StringComparison.Ordinal),
            $"event {reason} of {name} (seen: {seen})",
            Cancelled);
    }
}
