using Kiban.EndToEnd.Cluster;
using Kiban.EndToEnd.Images;
using Kiban.Testing.ObjectStorage;

namespace Kiban.EndToEnd.Credentials;

/// <summary>Pods are made in many ways; each of them must end with the same files and variables inside.</summary>
public sealed class WorkloadKindTests(EndToEndCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Fails unless the files can be read and the variables are set; works in any image with a shell.</summary>
    private static readonly string Check =
        $"""busybox grep -q "{EndToEndCluster.FirstUser.AccessKeyId}" "$AWS_SHARED_CREDENTIALS_FILE" && busybox grep -q "{SwiftServer.Region}" "$AWS_CONFIG_FILE" && test -n "$AWS_ENDPOINT_URL" """.TrimEnd();

    private static readonly string Template =
        $$"""
        metadata:
          labels: { app: check }
          annotations: { credentials.kiban.dev/aws: store }
        spec:
          terminationGracePeriodSeconds: 0
          containers:
            - name: main
              image: {{TestImages.Shell.Reference}}
              imagePullPolicy: Never
              command: [/bin/busybox, sh, -c, '{{Check}} && exec busybox sleep 3600']
        """;

    private static readonly string OnceTemplate =
        $$"""
        metadata:
          annotations: { credentials.kiban.dev/aws: store }
        spec:
          restartPolicy: Never
          containers:
            - name: main
              image: {{TestImages.Shell.Reference}}
              imagePullPolicy: Never
              command: [/bin/busybox, sh, -c, '{{Check}}']
        """;

    [Theory]
    [InlineData("Deployment", "")]
    [InlineData("ReplicaSet", "")]
    [InlineData("StatefulSet", "  serviceName: check\n")]
    [InlineData("DaemonSet", "")]
    public async Task Pods_of_a_lasting_workload_are_injected(string kind, string more)
    {
        var team = await NamespaceAsync(kind);
        await team.ApplyAsync(
            $$"""
            apiVersion: apps/v1
            kind: {{kind}}
            metadata:
              name: check
            spec:
            {{more}}  selector:
                matchLabels: { app: check }
              template:
            {{Indent(Template, 4)}}
            """,
            Cancel);

        await team.WaitAsync(
            $"a running Pod of the {kind}",
            ["get", "pods", "-l", "app=check", "-o", "jsonpath={.items[*].status.containerStatuses[*].ready}"],
            ready => ready == "true",
            Cancel);
    }

    [Fact]
    public async Task Pods_of_a_Job_and_of_a_CronJob_are_injected()
    {
        var team = await NamespaceAsync("job");
        var versions = await cluster.Kubectl.RunAsync(["api-versions"], cancellationToken: Cancel);
        var cron = versions.Split('\n').Contains("batch/v1beta1") ? "batch/v1beta1" : "batch/v1";
        await team.ApplyAsync(
            $$"""
            apiVersion: {{cron}}
            kind: CronJob
            metadata:
              name: check
            spec:
              schedule: "* * * * *"
              jobTemplate:
                spec:
                  template:
            {{Indent(OnceTemplate, 8)}}
            ---
            apiVersion: batch/v1
            kind: Job
            metadata:
              name: check
            spec:
              backoffLimit: 0
              template:
            {{Indent(OnceTemplate, 4)}}
            """,
            Cancel);

        await team.WaitAsync("completion of the Job", ["get", "job", "check", "-o", "jsonpath={.status.succeeded}"], count => count == "1", Cancel);
        await team.WaitAsync(
            "completion of a Job of the CronJob",
            ["get", "jobs", "-o", "jsonpath={range .items[?(@.metadata.ownerReferences)]}{.status.succeeded}{end}"],
            counts => counts.Contains('1', StringComparison.Ordinal),
            Cancel);
    }

    [Fact]
    public async Task Pod_whose_name_the_server_makes_is_injected()
    {
        var team = await NamespaceAsync("generate");

        var name = await team.RunAsync(
            ["create", "-f", "-", "-o", "jsonpath={.metadata.name}"],
            Cancel,
            $$"""
            apiVersion: v1
            kind: Pod
            {{OnceTemplate.Replace("metadata:", "metadata:\n  generateName: check-", StringComparison.Ordinal)}}
            """);

        (await team.WaitForEndAsync(name, Cancel)).ShouldBe("Succeeded");
    }

    [Fact]
    public async Task Init_containers_and_sidecars_read_the_files_as_another_user_on_a_read_only_file_system()
    {
        var team = await NamespaceAsync("hardened");

        // restartPolicy on an init container makes a sidecar since 1.28; older servers drop the field and run it once, so it must end.
        await team.ApplyUnvalidatedAsync(
            $$"""
            apiVersion: v1
            kind: Pod
            metadata:
              name: hardened
              annotations: { credentials.kiban.dev/aws: store }
            spec:
              restartPolicy: Never
              securityContext: { runAsUser: 12345, runAsGroup: 23456, runAsNonRoot: true }
              initContainers:
                - name: sidecar
                  image: {{TestImages.Shell.Reference}}
                  imagePullPolicy: Never
                  restartPolicy: Always
                  command: [/bin/busybox, sh, -c, '{{Check}} && echo sidecar reads && busybox sleep 5']
                  securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
                - name: first
                  image: {{TestImages.Shell.Reference}}
                  imagePullPolicy: Never
                  command: [/bin/busybox, sh, -c, '{{Check}}']
                  securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
              containers:
                - name: main
                  image: {{TestImages.Aws.Reference}}
                  imagePullPolicy: Never
                  command: [busybox, sh, -c, '{{AwsPods.ListBucket(EndToEndCluster.FirstBucket)}}']
                  securityContext: { readOnlyRootFilesystem: true, allowPrivilegeEscalation: false, capabilities: { drop: [ALL] } }
            """,
            Cancel);

        (await team.WaitForEndAsync("hardened", Cancel)).ShouldBe("Succeeded", await team.LogsAsync("hardened", Cancel));
        var logs = await team.LogsAsync("hardened", Cancel);
        logs.ShouldContain("sidecar reads");
        logs.ShouldContain("weights.bin");
    }

    private async Task<TestNamespace> NamespaceAsync(string kind)
    {
        var team = await cluster.CreateNamespaceAsync(kind.ToLowerInvariant());
        await team.ApplyAsync(cluster.AwsSecret("store", EndToEndCluster.FirstUser), Cancel);
        return team;
    }

    private static string Indent(string yaml, int columns) =>
        string.Join('\n', yaml.Split('\n').Select(line => new string(' ', columns) + line));
}
