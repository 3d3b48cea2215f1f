
namespace Kiban.Credentials.Tests.Integration;

/// <summary>
/// What happens while nothing answers the webhooks. Which Pods can be told apart then depends on the server: with matchConditions
/// (1.28 and later) those whose own annotation asks, before that only those that are labelled.
/// </summary>
public sealed class WithoutKibanTests(WithoutKibanFixture cluster) : IClassFixture<WithoutKibanFixture>
{
    private const string AsksForMinio = "credentials.kiban.dev/aws: minio";

    private bool HasMatchConditions => cluster.Version.IsAtLeast(1, 28);

    [Fact]
    public async Task Pod_that_does_not_ask_is_created() => (await CreateAsync(Manifests.Pod(name: "name: plain"))).Succeeded.ShouldBeTrue();

    [Fact]
    public async Task Pod_that_opts_out_is_created() =>
        (await CreateAsync(Manifests.Pod("credentials.kiban.dev/aws: none", "name: opted-out"))).Succeeded.ShouldBeTrue();

    [Fact]
    public async Task Pod_that_asks_and_is_labelled_is_refused()
    {
        var result = await CreateAsync(Manifests.Pod(AsksForMinio, "name: labelled, labels: {credentials.kiban.dev/required: 'true'}"));

        result.Error.ShouldContain("failed calling webhook");
    }

    [Fact]
    public async Task Pod_that_asks_is_refused_where_the_server_can_tell()
    {
        var result = await CreateAsync(Manifests.Pod(AsksForMinio, "name: asking"));

        result.Succeeded.ShouldBe(!HasMatchConditions);
    }

    [Fact]
    public async Task Pod_whose_ServiceAccount_asks_is_refused_where_a_policy_can_tell()
    {
        var pod = Manifests.Pod(name: "generateName: train-", spec: "serviceAccountName: trainer");

        if (cluster.HasAdmissionPolicies)
            await Wait.UntilAsync(async () => (await CreateAsync(pod)).Error.Contains("asks for the AWS credentials in Secret \"minio\"", StringComparison.Ordinal));
        else
            (await CreateAsync(pod)).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Every_Pod_of_a_labelled_namespace_is_refused()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.KubectlAsync("label", "namespace", space, "credentials.kiban.dev/required=true");

        // The API server sees the label by a watch of its own.
        await Wait.UntilAsync(async () => (await CreateAsync(Manifests.Pod(name: "generateName: train-"), space)).Error.Contains("failed calling webhook", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Secret_that_is_not_typed_is_written()
    {
        await cluster.KubectlAsync("create", "secret", "generic", "plain", "-n", cluster.Space, "--from-literal=a=b");

        (await cluster.RunKubectlAsync(["get", "secret", "plain", "-n", cluster.Space])).Succeeded.ShouldBeTrue();
    }

    [Fact]
    public async Task Typed_Secret_is_refused_where_the_server_can_tell()
    {
        var result = await CreateAsync(Manifests.Minio.Replace("name: minio", "name: other", StringComparison.Ordinal));

        result.Succeeded.ShouldBe(!HasMatchConditions);
    }

    private Task<CommandResult> CreateAsync(string manifest, string? space = null) =>
        cluster.RunKubectlAsync(["create", "-n", space ?? cluster.Space, "-f", "-"], manifest);
}
