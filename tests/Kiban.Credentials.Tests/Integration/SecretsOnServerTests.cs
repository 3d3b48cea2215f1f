namespace Kiban.Credentials.Tests.Integration;

/// <summary>Typed Secrets at a real API server, as kubectl shows them to their author.</summary>
public sealed class SecretsOnServerTests(CredentialsFixture cluster)
{
    [Fact]
    public async Task Secret_written_as_stringData_is_stored_with_rendered_files()
    {
        var space = await cluster.CreateNamespaceAsync();

        await cluster.ApplyAsync(Manifests.Minio, space);

        var secret = await cluster.GetAsync("secret/minio", space);
        Manifests.Value(secret, "credentials").ShouldBe("[default]\naws_access_key_id = minio\naws_secret_access_key = minio123\n");
        Manifests.Value(secret, "config").ShouldBe("[default]\nregion = tokyo-1\nendpoint_url = http://minio.storage:9000\n");
    }

    [Fact]
    public async Task Secret_made_by_kubectl_create_is_rendered()
    {
        var space = await cluster.CreateNamespaceAsync();

        await cluster.KubectlAsync("create", "secret", "generic", "aws", "-n", space, "--type=kiban.dev/aws-credentials",
            "--from-literal=aws_access_key_id=AKIAIOSFODNN7EXAMPLE", "--from-literal=aws_secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");

        Manifests.Value(await cluster.GetAsync("secret/aws", space), "credentials").ShouldContain("aws_access_key_id = AKIAIOSFODNN7EXAMPLE\n");
    }

    [Fact]
    public async Task Changed_Secret_is_rendered_anew_and_unchanged_one_is_left_alone()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.ApplyAsync(Manifests.Minio, space);
        var first = await cluster.GetAsync("secret/minio", space);

        await cluster.ApplyAsync(Manifests.Minio, space);
        var second = await cluster.GetAsync("secret/minio", space);
        await cluster.KubectlAsync("patch", "secret", "minio", "-n", space, "--type=merge", "-p", """{"stringData": {"region": "osaka-1"}}""");

        ((string?)second["metadata"]!["resourceVersion"]).ShouldBe((string?)first["metadata"]!["resourceVersion"]);
        Manifests.Value(await cluster.GetAsync("secret/minio", space), "config").ShouldContain("region = osaka-1\n");
    }

    [Fact]
    public async Task Immutable_Secret_is_rendered_at_creation_and_can_still_be_labelled()
    {
        var space = await cluster.CreateNamespaceAsync();

        await cluster.ApplyAsync(Manifests.Minio + "immutable: true\n", space);
        await cluster.KubectlAsync("label", "secret", "minio", "-n", space, "team=a");

        var secret = await cluster.GetAsync("secret/minio", space);
        Manifests.Value(secret, "credentials").ShouldContain("aws_access_key_id = minio\n");
        ((string?)secret["metadata"]!["labels"]!["team"]).ShouldBe("a");
    }

    [Fact]
    public async Task Author_of_a_wrong_Secret_reads_every_mistake_and_no_value()
    {
        var space = await cluster.CreateNamespaceAsync();

        var result = await cluster.RunKubectlAsync(["apply", "-n", space, "-f", "-"], """
            apiVersion: v1
            kind: Secret
            metadata: {name: aws}
            type: kiban.dev/aws-credentials
            stringData:
              aws_access_key_id: "AKIAIOSFODNN7EXAMPLE\n"
              region: Frankfurt
              regoin: eu-central-1
            """);

        result.Succeeded.ShouldBeFalse();
        result.Error.ShouldContain($"Secret \"{space}/aws\" has 3 mistakes:");
        result.Error.ShouldContain("- data[\"aws_access_key_id\"]: found 21 characters that end with a line break");
        result.Error.ShouldContain("- data[\"aws_secret_access_key\"]: found nothing");
        result.Error.ShouldContain("- data[\"region\"]: found 9 characters that are no AWS region");
        result.Error.ShouldContain("Warning: data[\"regoin\"]: Kiban does not know this key; did you mean \"region\"?");
        result.Error.ShouldNotContain("AKIAIOSFODNN7EXAMPLE");
        result.Error.ShouldNotContain("Frankfurt");
    }

    [Fact]
    public async Task Type_of_a_Secret_cannot_become_ours_later()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.KubectlAsync("create", "secret", "generic", "minio", "-n", space, "--from-literal=x=y");

        var result = await cluster.RunKubectlAsync(["apply", "-n", space, "-f", "-"], Manifests.Minio);

        result.Succeeded.ShouldBeFalse();
        result.Error.ShouldContain("field is immutable");
    }

    [Fact]
    public async Task Secret_is_deleted_whatever_is_in_it()
    {
        var space = await cluster.CreateNamespaceAsync();
        await cluster.ApplyAsync(Manifests.Minio, space);

        await cluster.KubectlAsync("delete", "secret", "minio", "-n", space);

        (await cluster.RunKubectlAsync(["get", "secret", "minio", "-n", space])).Succeeded.ShouldBeFalse();
    }
}
