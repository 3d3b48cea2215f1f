using Kiban.Testing;

namespace Kiban.LocalCluster.Tests.Storage;

public class LocalStorageTests(NodeFixture fixture)
{
    [Theory]
    [InlineData(LocalCluster.Storage.LocalStorage.DefaultClass)]
    [InlineData(LocalCluster.Storage.LocalStorage.ImmediateClass)]
    public async Task Claim_is_served_written_to_by_a_group_and_its_data_removed_with_it(string storageClass)
    {
        var cluster = await fixture.ClusterAsync();
        var ns = await cluster.CreateNamespaceAsync();
        await cluster.ApplyAsync(Claim("data", storageClass), ns);
        if (storageClass == LocalCluster.Storage.LocalStorage.ImmediateClass)
        {
            await WaitForPhaseAsync(cluster, ns, "Bound");
        }

        await cluster.ApplyAsync("""
            apiVersion: v1
            kind: Pod
            metadata: { name: writer }
            spec:
              restartPolicy: Never
              securityContext: { runAsUser: 1234, runAsGroup: 1234, fsGroup: 4321 }
              containers:
              - name: box
                image: kiban.dev/test-box:dev
                command: [/bin/busybox, sh, -c, "echo kept >/data/file && busybox ls -ldn /data"]
                volumeMounts: [{ name: data, mountPath: /data }]
              volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]
            """, ns);

        (await cluster.WaitForOutputAsync("writer", ns)).Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(4).ShouldBe(["drwxrwsrwx", "2", "0", "4321"]);
        var volume = await cluster.KubectlAsync("get", "pvc", "data", "-n", ns, "-o", "jsonpath={.spec.volumeName}");
        var directory = Path.Combine(cluster.Node.Volumes, volume);
        File.ReadAllText(Path.Combine(directory, "file")).ShouldBe("kept\n");

        await cluster.KubectlAsync("delete", "-n", ns, "--wait=false", "pod/writer", "pvc/data");

        await NodeCluster.WaitForAsync(
            async () => (await cluster.KubectlAsync("get", "pv", volume, "--ignore-not-found", "-o", "name")).Length == 0,
            $"the end of volume {volume}",
            TestContext.Current.CancellationToken);
        Directory.Exists(directory).ShouldBeFalse();
    }

    [Fact]
    public async Task Claim_that_a_directory_cannot_serve_is_told_so_by_an_event()
    {
        var cluster = await fixture.ClusterAsync();
        var ns = await cluster.CreateNamespaceAsync();

        await cluster.ApplyAsync(Claim("data", LocalCluster.Storage.LocalStorage.ImmediateClass).Replace("ReadWriteOnce", "ReadWriteMany", StringComparison.Ordinal), ns);

        var message = "";
        await NodeCluster.WaitForAsync(
            async () => (message = await cluster.KubectlAsync("get", "events", "-n", ns, "--field-selector", "reason=ProvisioningFailed,involvedObject.name=data", "-o", "jsonpath={.items[*].message}")).Length > 0,
            "the event",
            TestContext.Current.CancellationToken);
        message.ShouldBe("spec.accessModes has ReadWriteMany, but local volumes are for one node; use ReadWriteOnce or ReadWriteOncePod.");
        (await cluster.KubectlAsync("get", "pvc", "data", "-n", ns, "-o", "jsonpath={.status.phase}")).ShouldBe("Pending");
    }

    [Fact]
    public async Task Volume_deleted_by_hand_after_its_claim_takes_its_data_along_unless_it_is_retained()
    {
        var cluster = await fixture.ClusterAsync();
        var ns = await cluster.CreateNamespaceAsync();
        await cluster.ApplyAsync(Claim("data", LocalCluster.Storage.LocalStorage.ImmediateClass), ns);
        await WaitForPhaseAsync(cluster, ns, "Bound");
        var volume = await cluster.KubectlAsync("get", "pvc", "data", "-n", ns, "-o", "jsonpath={.spec.volumeName}");
        await cluster.KubectlAsync("patch", "pv", volume, "-p", """{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}""");
        var directory = Path.Combine(cluster.Node.Volumes, volume);
        await File.WriteAllTextAsync(Path.Combine(directory, "file"), "precious", TestContext.Current.CancellationToken);

        await cluster.KubectlAsync("delete", "pvc", "data", "-n", ns);
        await cluster.KubectlAsync("delete", "pv", volume);

        File.ReadAllText(Path.Combine(directory, "file")).ShouldBe("precious");
    }

    private static string Claim(string name, string storageClass) => $$"""
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: { name: {{name}} }
        spec:
          storageClassName: {{storageClass}}
          accessModes: [ReadWriteOnce]
          resources: { requests: { storage: 1Gi } }
        """;

    private static Task WaitForPhaseAsync(NodeCluster cluster, string ns, string phase) => NodeCluster.WaitForAsync(
        async () => await cluster.KubectlAsync("get", "pvc", "data", "-n", ns, "-o", "jsonpath={.status.phase}") == phase,
        $"claim data to be {phase}",
        TestContext.Current.CancellationToken);
}
