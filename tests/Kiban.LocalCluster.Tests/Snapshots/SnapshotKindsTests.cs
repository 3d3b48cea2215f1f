using Kiban.LocalCluster.Snapshots;
using Kiban.Testing;

namespace Kiban.LocalCluster.Tests.Snapshots;

public class SnapshotKindsTests(ControlPlaneFixture cluster)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Kinds_are_served_as_the_communitys_are()
    {
        await SnapshotKinds.InstallAsync(cluster.Client, TimeProvider.System, Cancelled);
        await SnapshotKinds.InstallAsync(cluster.Client, TimeProvider.System, Cancelled);
        var ns = await cluster.CreateNamespaceAsync(cancellationToken: Cancelled);
        await cluster.ApplyAsync($$"""
            apiVersion: snapshot.storage.k8s.io/v1
            kind: VolumeSnapshot
            metadata: { name: monday }
            spec:
              volumeSnapshotClassName: local
              source: { persistentVolumeClaimName: data }
            ---
            apiVersion: snapshot.storage.k8s.io/v1
            kind: VolumeSnapshotContent
            metadata: { name: {{ns}} }
            spec:
              deletionPolicy: Retain
              driver: example.com
              source: { snapshotHandle: some }
              volumeSnapshotRef: { name: tuesday, namespace: {{ns}} }
            """, ns, Cancelled);

        (await HeaderAsync("vs", ns)).ShouldBe("NAME READYTOUSE SOURCEPVC SOURCESNAPSHOTCONTENT RESTORESIZE SNAPSHOTCLASS SNAPSHOTCONTENT CREATIONTIME AGE");
        (await HeaderAsync("vsc", ns)).ShouldBe("NAME READYTOUSE RESTORESIZE DELETIONPOLICY DRIVER VOLUMESNAPSHOTCLASS VOLUMESNAPSHOT VOLUMESNAPSHOTNAMESPACE AGE");
        (await HeaderAsync("vsclass", ns)).ShouldBe("NAME DRIVER DELETIONPOLICY AGE");
        (await cluster.KubectlAsync("get", "vsclass", "local", "-o", "jsonpath={.driver} {.deletionPolicy}")).ShouldBe("kiban.dev/local-path Delete");
    }

    [Theory]
    [InlineData("kind: VolumeSnapshot\nspec: { source: {} }")]
    [InlineData("kind: VolumeSnapshot\nspec: { source: { persistentVolumeClaimName: a, volumeSnapshotContentName: b } }")]
    [InlineData("kind: VolumeSnapshotContent\nspec: { driver: x, deletionPolicy: Delete, volumeSnapshotRef: { name: a, namespace: b }, source: {} }")]
    [InlineData("kind: VolumeSnapshotContent\nspec: { driver: x, deletionPolicy: Delete, volumeSnapshotRef: { name: a }, source: { volumeHandle: v } }")]
    [InlineData("kind: VolumeSnapshotContent\nspec: { driver: x, deletionPolicy: Keep, volumeSnapshotRef: { name: a, namespace: b }, source: { volumeHandle: v } }")]
    [InlineData("kind: VolumeSnapshotClass\ndriver: x")]
    public async Task Objects_that_say_nothing_or_too_much_are_refused(string fields)
    {
        await SnapshotKinds.InstallAsync(cluster.Client, TimeProvider.System, Cancelled);

        var result = await cluster.RunKubectlAsync(["apply", "--validate=false", "-f", "-"], $"apiVersion: snapshot.storage.k8s.io/v1\nmetadata: {{ name: wrong }}\n{fields}\n", Cancelled);

        result.Error.ShouldContain("is invalid");
    }

    [Fact]
    public async Task Source_cannot_be_changed_where_the_server_knows_rules()
    {
        await SnapshotKinds.InstallAsync(cluster.Client, TimeProvider.System, Cancelled);
        var ns = await cluster.CreateNamespaceAsync(cancellationToken: Cancelled);
        await cluster.ApplyAsync("""
            apiVersion: snapshot.storage.k8s.io/v1
            kind: VolumeSnapshot
            metadata: { name: monday }
            spec: { source: { persistentVolumeClaimName: data } }
            """, ns, Cancelled);

        var result = await cluster.RunKubectlAsync(
            ["patch", "vs", "monday", "-n", ns, "--type=merge", "-p", """{"spec":{"source":{"persistentVolumeClaimName":"other"}}}"""], cancellationToken: Cancelled);

        if (cluster.Version.IsAtLeast(1, 25))
        {
            result.Error.ShouldContain("persistentVolumeClaimName is immutable");
        }
        else
        {
            result.Succeeded.ShouldBeTrue("older servers drop the rules");
        }
    }

    private async Task<string> HeaderAsync(string kind, string ns) =>
        string.Join(' ', (await cluster.KubectlAsync("get", kind, "-n", ns)).Split('\n')[0].Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
