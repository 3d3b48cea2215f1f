using Kiban.EndToEnd.Cluster;

namespace Kiban.EndToEnd.Credentials;

/// <summary>What a person reads who types <c>kubectl apply</c> with a mistake in the file.</summary>
public sealed class RefusalTests(EndToEndCluster cluster)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("kiban.dev/aws-credentials", "{ aws_secret_access_key: wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY }", "aws_access_key_id")]
    [InlineData("kiban.dev/aws-credentials", "{ aws_access_key_id: nonsense, aws_secret_access_key: do-not-quote-me }", "aws_access_key_id")]
    [InlineData("kiban.dev/gcp-credentials", "{ project: my-project }", "credentials.json")]
    [InlineData("kiban.dev/gcp-credentials", """{ credentials.json: '{"type": "service_account", "private_key": "do-not-quote-me"}' }""", "client_email")]
    public async Task Secret_with_a_mistake_is_refused_with_the_field_and_without_its_value(string type, string data, string field)
    {
        var team = await cluster.CreateNamespaceAsync("refused");

        var refusal = await team.ApplyRefusedAsync(
            $"""
             apiVersion: v1
             kind: Secret
             metadata: {"{"} name: store {"}"}
             type: {type}
             stringData: {data}
             """,
            Cancel);

        refusal.ShouldContain(field);
        refusal.ShouldContain("store");
        refusal.ShouldNotContain("do-not-quote-me");
    }

    [Fact]
    public async Task Pod_that_names_no_Secret_of_the_right_type_is_refused_with_its_name()
    {
        var team = await cluster.CreateNamespaceAsync("refused");
        await team.RunAsync(["create", "secret", "generic", "untyped", "--from-literal=key=value"], Cancel);

        var missing = await team.ApplyRefusedAsync(AwsPods.Once("pod", "true", cluster, """{"credentials.kiban.dev/aws": "absent"}"""), Cancel);
        var untyped = await team.ApplyRefusedAsync(AwsPods.Once("pod", "true", cluster, """{"credentials.kiban.dev/aws": "untyped"}"""), Cancel);

        missing.ShouldContain("absent");
        untyped.ShouldContain("untyped");
        untyped.ShouldContain("kiban.dev/aws-credentials");
    }
}
