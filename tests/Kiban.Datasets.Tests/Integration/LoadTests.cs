using System.Text.Json.Nodes;

namespace Kiban.Datasets.Tests.Integration;

public sealed class LoadTests(DatasetsFixture cluster)
{
    private const string Source = "dataset.kiban.dev/source: 's3://bucket/prefix/'";
    private const string LoadedReport = """{"state":"Loaded","reason":"Loaded","message":"ok","digest":"sha256:abc","bytes":3221225472,"files":12,"fetchedBytes":3221225472,"seconds":20}""";

    [Fact]
    public async Task Claim_is_filled_by_a_Job_of_its_own_and_the_condition_tells()
    {
        await using var host = await DatasetsHost.StartAsync(cluster.Client);
        var claims = await Claims.NewAsync(cluster);
        await claims.CreateAsync("data", $"{Source}, dataset.kiban.dev/path: /in, dataset.kiban.dev/include: '*.tar', dataset.kiban.dev/prune: 'true'");

        var job = await claims.JobAsync();
        var owner = job["metadata"]!["ownerReferences"]!.AsArray().ShouldHaveSingleItem()!;
        ((string?)owner["kind"], (string?)owner["name"], (bool?)owner["controller"]).ShouldBe(("PersistentVolumeClaim", "data", true));
        var template = job["spec"]!["template"]!["spec"]!;
        var container = template["containers"]!.AsArray().ShouldHaveSingleItem()!;
        container["args"]!.AsArray().Select(argument => (string)argument!).ShouldBe(
        [
            "load", "--source=s3://bucket/prefix/", "--into=/data", "--path=in", "--include=*.tar", "--prune", "--anonymous",
            $"--load-id={job["metadata"]!["annotations"]!["dataset.kiban.dev/load-key"]}", "--egress-budget=3", "--output=json",
        ]);
        container["resources"]!["requests"]!.ToJsonString().ShouldBe(container["resources"]!["limits"]!.ToJsonString());
        ((string?)template["volumes"]![0]!["persistentVolumeClaim"]!["claimName"]).ShouldBe("data");
        ((string?)(await claims.ConditionAsync("data", "Starting"))["status"]).ShouldBe("False");

        await claims.EndAsync(await claims.PodAsync(), 0, LoadedReport);
        await cluster.KubectlAsync("wait", "--for=condition=kiban.dev/DataLoaded", "pvc/data", "-n", claims.Namespace, "--timeout=30s");
        var condition = await claims.ConditionAsync("data", "Loaded");
        ((string?)condition["message"]).ShouldBe("3.0 GiB in 12 files from s3://bucket/prefix/, fetched in 20 s");
        var annotations = (await claims.ClaimAsync("data"))["metadata"]!["annotations"]!;
        ((string?)annotations["dataset.kiban.dev/loaded"]).ShouldBe((string?)job["metadata"]!["annotations"]!["dataset.kiban.dev/load-key"]);
        ((string?)annotations["dataset.kiban.dev/content"]).ShouldBe("sha256:abc");
    }

    [Fact]
    public async Task Pod_that_loads_is_within_the_restricted_Pod_security_standard()
    {
        await using var host = await DatasetsHost.StartAsync(cluster.Client);
        var claims = await Claims.NewAsync(cluster);
        await claims.CreateAsync("data", Source);
        var template = (await claims.JobAsync())["spec"]!["template"]!["spec"]!;
        var security = template["securityContext"]!;
        ((bool?)security["runAsNonRoot"], (string?)security["seccompProfile"]!["type"]).ShouldBe((true, "RuntimeDefault"));
        var container = template["containers"]![0]!["securityContext"]!;
        ((bool?)container["allowPrivilegeEscalation"], (bool?)container["readOnlyRootFilesystem"]).ShouldBe((false, true));
        container["capabilities"]!["drop"]!.ToJsonString().ShouldBe("""["ALL"]""");
        ((bool?)template["automountServiceAccountToken"]).ShouldBe(false);
    }

    [Fact]
    public async Task Terminal_failure_stops_the_Job_and_keeps_its_Pod_and_a_new_value_of_reload_tries_again()
    {
        await using var host = await DatasetsHost.StartAsync(cluster.Client);
        var claims = await Claims.NewAsync(cluster);
        await claims.CreateAsync("data", Source);
        var first = await claims.JobAsync();
        await claims.EndAsync(await claims.PodAsync(), 3, """{"state":"Failed","reason":"SourceNotFound","message":"bucket \"bucket\" does not exist"}""");

        var condition = await claims.ConditionAsync("data", "SourceNotFound");
        ((string?)condition["status"]).ShouldBe("False");
        ((string?)condition["message"]).ShouldNotBeNull().ShouldStartWith("bucket \"bucket\" does not exist (log: kubectl -n ");
        await Claims.UntilAsync(async () => (int?)(await claims.JobAsync())["spec"]!["parallelism"] == 0, "a Job that makes no more Pods");
        await Claims.UntilAsync(
            async () => ((JsonArray)(await claims.GetAsync("events"))["items"]!).Any(e => (string?)e!["reason"] == "SourceNotFound" && (string?)e["type"] == "Warning"),
            "an event about the failure");
        (await claims.PodsAsync()).ShouldHaveSingleItem();

        await claims.AnnotateAsync("data", "dataset.kiban.dev/reload=again");
        await Claims.UntilAsync(
            async () => (await claims.JobsAsync()) is [var job] && (string?)job["metadata"]!["name"] != (string?)first["metadata"]!["name"], "another Job in place of the first");
        await claims.EndAsync(await claims.PodAsync(), 0, LoadedReport);
        await claims.ConditionAsync("data", "Loaded");
    }

    [Fact]
    public async Task Passing_failure_is_tried_again_by_the_Job_and_counts_until_the_limit()
    {
        await using var host = await DatasetsHost.StartAsync(cluster.Client, ("Loader:BackoffLimit", "0"));
        var claims = await Claims.NewAsync(cluster);
        await claims.CreateAsync("data", Source);
        await claims.EndAsync(await claims.PodAsync(), 1, """{"state":"Failed","reason":"StoreUnavailable","message":"the store answers 503"}""");
        var condition = await claims.ConditionAsync("data", "BackoffLimitExceeded");
        ((string?)condition["message"]).ShouldNotBeNull().ShouldContain("1 attempts failed; the last: the store answers 503.");
    }

    [Fact]
    public async Task Missing_Secret_is_waited_for_and_then_mounted()
    {
        await using var host = await DatasetsHost.StartAsync(cluster.Client);
        var claims = await Claims.NewAsync(cluster);
        await claims.CreateAsync("data", $"{Source}, dataset.kiban.dev/credentials: mine");
        ((string?)(await claims.ConditionAsync("data", "WaitingForCredential"))["message"]).ShouldNotBeNull().ShouldStartWith(
            $"dataset.kiban.dev/credentials names Secret \"mine\", which namespace \"{claims.Namespace}\" does not have");
        (await claims.JobsAsync()).ShouldBeEmpty();

        await CreateSecretAsync(claims, "mine");
        var template = (await claims.JobAsync())["spec"]!["template"]!["spec"]!;
        ((string?)template["volumes"]![1]!["secret"]!["secretName"]).ShouldBe("mine");
        template["containers"]![0]!["args"]!.AsArray().Select(argument => (string)argument!).ShouldContain("--credentials=/var/run/secrets/kiban.dev/dataset/0");
    }

    [Fact]
    public async Task Load_that_failed_for_its_credential_starts_again_when_the_Secret_changes()
    {
        await using var host = await DatasetsHost.StartAsync(cluster.Client);
        var claims = await Claims.NewAsync(cluster);
        await CreateSecretAsync(claims, "mine");
        await claims.CreateAsync("data", $"{Source}, dataset.kiban.dev/credentials: mine");
        var first = await claims.JobAsync();
        await claims.EndAsync(await claims.PodAsync(), 3, """{"state":"Failed","reason":"AccessDenied","message":"the credential does not open bucket \"bucket\""}""");
        await claims.ConditionAsync("data", "AccessDenied");

        await cluster.KubectlAsync("patch", "secret", "mine", "-n", claims.Namespace, "-p", """{"stringData":{"region":"eu-west-1"}}""");
        await Claims.UntilAsync(
            async () => (await claims.JobsAsync()) is [var job] && (string?)job["metadata"]!["uid"] != (string?)first["metadata"]!["uid"], "a new Job");
    }

    [Fact]
    public async Task Quota_that_refuses_the_Pod_is_a_reason()
    {
        await using var host = await DatasetsHost.StartAsync(cluster.Client);
        var claims = await Claims.NewAsync(cluster);
        await cluster.KubectlAsync("create", "quota", "small", "-n", claims.Namespace, "--hard=pods=0");
        await Claims.UntilAsync(async () => (await claims.GetAsync("quota/small"))["status"]?["hard"] is not null, "a quota in force");
        await claims.CreateAsync("data", Source);
        ((string?)(await claims.ConditionAsync("data", "QuotaExceeded"))["message"]).ShouldNotBeNull().ShouldContain("exceeded quota: small");
    }

    [Fact]
    public async Task Claim_of_another_kind_than_can_be_filled_is_told_so()
    {
        await using var host = await DatasetsHost.StartAsync(cluster.Client);
        var claims = await Claims.NewAsync(cluster);
        await claims.CreateAsync("block", Source, "volumeMode: Block, accessModes: [ReadWriteOnce], storageClassName: \"\", resources: {requests: {storage: 1Gi}}");
        await claims.CreateAsync("readonly", Source, "accessModes: [ReadOnlyMany], storageClassName: \"\", resources: {requests: {storage: 1Gi}}");
        await claims.CreateAsync("wrong", "dataset.kiban.dev/source: 'ftp://x/'");
        ((string?)(await claims.ConditionAsync("block", "UnsupportedClaim"))["message"]).ShouldNotBeNull().ShouldContain("spec.volumeMode is Block");
        ((string?)(await claims.ConditionAsync("readonly", "UnsupportedClaim"))["message"]).ShouldNotBeNull().ShouldContain("ReadOnlyMany");
        ((string?)(await claims.ConditionAsync("wrong", "InvalidAnnotations"))["message"]).ShouldNotBeNull().ShouldContain("ftp://x/");
        (await claims.JobsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Claim_that_binds_on_first_use_is_loaded_where_its_first_Pod_can_run()
    {
        await using var host = await DatasetsHost.StartAsync(cluster.Client);
        var claims = await Claims.NewAsync(cluster);
        await cluster.ApplyAsync(
            $$"""
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: {{claims.Namespace}}}
            provisioner: kubernetes.io/no-provisioner
            volumeBindingMode: WaitForFirstConsumer
            """);
        await claims.CreateAsync("data", Source, $"accessModes: [ReadWriteOnce], storageClassName: {claims.Namespace}, resources: {{requests: {{storage: 1Gi}}}}");
        await claims.ConditionAsync("data", "WaitingForFirstConsumer");

        await cluster.ApplyAsync(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: train, labels: {dataset.kiban.dev/role: consumer}}
            spec:
              nodeSelector: {gpu: a100}
              tolerations: [{key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}]
              securityContext: {runAsUser: 1234, fsGroup: 4321}
              containers: [{name: main, image: example.invalid/train, resources: {limits: {nvidia.com/gpu: 1}}}]
              volumes: [{name: data, persistentVolumeClaim: {claimName: data}}]
            """,
            claims.Namespace);
        var template = (await claims.JobAsync())["spec"]!["template"]!["spec"]!;
        ((string?)template["nodeSelector"]!["gpu"]).ShouldBe("a100");
        ((string?)template["tolerations"]![0]!["key"]).ShouldBe("nvidia.com/gpu");
        ((long?)template["securityContext"]!["runAsUser"], (long?)template["securityContext"]!["fsGroup"]).ShouldBe((1234, 4321));
        template["containers"]![0]!["resources"]!.ToJsonString().ShouldNotContain("nvidia");
    }

    [Fact]
    public async Task Job_deleted_by_hand_comes_back()
    {
        await using var host = await DatasetsHost.StartAsync(cluster.Client);
        var claims = await Claims.NewAsync(cluster);
        await claims.CreateAsync("data", Source);
        var job = await claims.JobAsync();
        await cluster.KubectlAsync("delete", "job", "--all", "-n", claims.Namespace, "--wait=false");
        await Claims.UntilAsync(
            async () => (await claims.JobsAsync()).Any(other => (string?)other["metadata"]!["uid"] != (string?)job["metadata"]!["uid"]), "a new Job");
    }

    [Fact]
    public async Task Claim_that_stops_asking_loses_its_condition_and_its_Job()
    {
        await using var host = await DatasetsHost.StartAsync(cluster.Client);
        var claims = await Claims.NewAsync(cluster);
        await claims.CreateAsync("data", Source);
        await claims.JobAsync();
        await claims.ConditionAsync("data", "Starting");
        await claims.AnnotateAsync("data", "dataset.kiban.dev/source-");
        await Claims.UntilAsync(async () => await claims.ConditionAsync("data") is null && (await claims.JobsAsync()).Count == 0, "neither condition nor Job");
    }

    [Fact]
    public async Task No_more_loads_run_at_once_than_may_and_all_get_their_turn_oldest_first()
    {
        await using var host = await DatasetsHost.StartAsync(cluster.Client, ("MaxLoadsPerNamespace", "2"));
        var claims = await Claims.NewAsync(cluster);
        foreach (var i in Enumerable.Range(0, 5))
            await claims.CreateAsync($"data-{i}", Source);
        foreach (var i in Enumerable.Range(2, 3))
            await claims.ConditionAsync($"data-{i}", "Queued");

        for (var ended = 0; ended < 5; ended++)
        {
            JsonNode? pod = null;
            await Claims.UntilAsync(async () => (pod = (await claims.PodsAsync()).FirstOrDefault(p => (string?)p["status"]!["phase"] == "Pending")) is not null, "a Pod");
            (await claims.JobsAsync()).Count(job => job["status"]?["completionTime"] is null).ShouldBeLessThanOrEqualTo(2);
            await claims.EndAsync(pod!, 0, LoadedReport);
        }
        foreach (var i in Enumerable.Range(0, 5))
            await claims.ConditionAsync($"data-{i}", "Loaded");
    }

    [Fact]
    public async Task Condition_of_others_stays()
    {
        await using var host = await DatasetsHost.StartAsync(cluster.Client);
        var claims = await Claims.NewAsync(cluster);
        await claims.CreateAsync("data", Source);
        await claims.ConditionAsync("data", "Starting");
        await cluster.Client.SendAsync(
            HttpMethod.Patch, $"/api/v1/namespaces/{claims.Namespace}/persistentvolumeclaims/data/status",
            JsonNode.Parse("""{"status":{"conditions":[{"type":"FileSystemResizePending","status":"True"}]}}"""), "application/strategic-merge-patch+json", CancellationToken.None);
        await claims.EndAsync(await claims.PodAsync(), 0, LoadedReport);
        await claims.ConditionAsync("data", "Loaded");
        (await claims.ClaimAsync("data"))["status"]!["conditions"]!.AsArray().Select(condition => (string?)condition!["type"])
            .ShouldBe(["FileSystemResizePending", "kiban.dev/DataLoaded"], ignoreOrder: true);
    }

    private Task<string> CreateSecretAsync(Claims claims, string name) => cluster.KubectlAsync(
        "create", "secret", "generic", name, "-n", claims.Namespace, "--type=kiban.dev/aws-credentials",
        "--from-literal=aws_access_key_id=AKIAIOSFODNN7EXAMPLE", "--from-literal=aws_secret_access_key=x");
}
