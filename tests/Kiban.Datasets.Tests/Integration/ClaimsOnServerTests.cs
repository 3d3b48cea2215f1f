namespace Kiban.Datasets.Tests.Integration;

/// <summary>Claims at a real API server, as kubectl shows them to their author.</summary>
[Collection(nameof(WaitingFixture))]
public sealed class ClaimsOnServerTests(WaitingFixture cluster)
{
    private const string Wrong = "dataset.kiban.dev/wiat: never, dataset.kiban.dev/path: ../up";

    [Fact]
    public async Task Author_of_a_wrong_claim_reads_every_mistake()
    {
        var space = await Waiters.NewAsync(cluster);

        var result = await space.TryAsync("apply", Claim($"{Waiters.Asks}, {Wrong}, dataset.kiban.dev/credentials: minio"));

        result.Error.ShouldContain($"PersistentVolumeClaim \"{space.Namespace}/data\" has 2 mistakes:");
        result.Error.ShouldContain("- dataset.kiban.dev/wiat is no annotation of a data set");
        result.Error.ShouldContain("- dataset.kiban.dev/path is \"../up\", which leads out of the volume");
    }

    [Fact]
    public async Task Secret_that_is_missing_is_told_with_the_line_that_creates_it_and_found_once_it_is_there()
    {
        var space = await Waiters.NewAsync(cluster);
        var claim = Claim($"{Waiters.Asks}, dataset.kiban.dev/credentials: minio");

        (await space.TryAsync("apply", claim)).Error.ShouldContain($"kubectl -n {space.Namespace} create secret generic minio --type=kiban.dev/aws-credentials");
        await cluster.KubectlAsync(
            "create", "secret", "generic", "minio", "-n", space.Namespace, "--type=kiban.dev/aws-credentials", "--from-literal=aws_access_key_id=ID", "--from-literal=aws_secret_access_key=SECRET");

        (await space.TryAsync("apply", claim)).Error.ShouldBeEmpty();
    }

    [Fact]
    public async Task Claim_stored_while_nobody_checked_takes_labels_is_bound_and_deleted_and_no_new_mistake()
    {
        var space = await Waiters.NewAsync(cluster);
        // As if Kiban had been away: the webhook leaves objects with this label alone.
        await space.ApplyAsync(Claim($"{Waiters.Asks}, {Wrong}").Replace("name: data", "name: data, labels: {kiban.dev/webhooks: disabled}", StringComparison.Ordinal));
        await cluster.KubectlAsync("label", "pvc", "data", "-n", space.Namespace, "kiban.dev/webhooks-");

        await cluster.KubectlAsync("label", "pvc", "data", "-n", space.Namespace, "team=a");
        await space.BindAsync("data");
        var worse = await cluster.RunKubectlAsync(["annotate", "pvc", "data", "-n", space.Namespace, "dataset.kiban.dev/cahce=never"]);
        await cluster.KubectlAsync("delete", "pvc", "data", "-n", space.Namespace);

        worse.Error.ShouldContain("has 3 mistakes");
    }

    [Fact]
    public async Task Changing_what_no_longer_matters_is_a_warning()
    {
        var space = await Waiters.NewAsync(cluster);
        await space.CreateClaimAsync("data");

        var result = await cluster.RunKubectlAsync(["annotate", "pvc", "data", "-n", space.Namespace, "dataset.kiban.dev/cache=never"]);

        result.Error.ShouldContain("Warning: dataset.kiban.dev/cache matters when a claim is created");
    }

    private static string Claim(string annotations) => $$"""
        apiVersion: v1
        kind: PersistentVolumeClaim
        metadata: {name: data, annotations: { {{annotations}} } }
        spec:
          accessModes: [ReadWriteOnce]
          storageClassName: ""
          resources: {requests: {storage: 1Gi} }
        """;
}
