using System.Net;
using k8s.Models;
using Kiban.Manager.Tests.Deployment;

namespace Kiban.Manager.Tests.Hosting;

/// <summary>The whole program against the real API server.</summary>
[Collection(nameof(DeployedObjects))]
public sealed class ManagerTests(AuditedControlPlane cluster) : IAsyncLifetime
{
    private const string AwsSecret =
        """
        apiVersion: v1
        kind: Secret
        metadata: { name: bucket }
        type: kiban.dev/aws-credentials
        stringData: { aws_access_key_id: AKIAIOSFODNN7EXAMPLE, aws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY }
        """;

    private ManagerEnvironment _environment = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _environment = await ManagerEnvironment.CreateAsync(cluster);

    public ValueTask DisposeAsync() => _environment.DisposeAsync();

    [Fact]
    public async Task Manager_that_is_ready_has_registered_itself_reviews_Secrets_injects_Pods_and_tells_about_it()
    {
        await using var manager = _environment.Start();
        await manager.WaitUntilReadyAsync();
        await _environment.WaitForRegistrationAsync();

        var refusal = await cluster.RunKubectlAsync(
            ["apply", "-n", _environment.Users, "-f", "-"], AwsSecret.Replace(", aws_secret_access_key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "", StringComparison.Ordinal), Cancelled);
        refusal.Succeeded.ShouldBeFalse();
        refusal.Error.ShouldContain("aws_secret_access_key");

        await cluster.ApplyAsync(AwsSecret, _environment.Users, Cancelled);
        var secret = await cluster.Client.GetAsync<V1Secret>("bucket", _environment.Users, Cancelled);
        secret.Data.Keys.ShouldContain("credentials");

        await cluster.ApplyAsync(Pod("asking", "credentials.kiban.dev/aws: bucket"), _environment.Users, Cancelled);
        var pod = await cluster.Client.GetAsync<V1Pod>("asking", _environment.Users, Cancelled);
        pod.Spec.Volumes.ShouldContain(volume => volume.Name == "kiban-aws-credentials");

        var metrics = await manager.GetAsync("metrics");
        metrics.ShouldContain("controller_runtime_webhook_requests_total");
        metrics.ShouldContain("rest_client_requests_total");
        metrics.ShouldContain("leader_election_master_status");
        (await manager.StatusAsync("healthz")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Manager_told_to_stop_is_not_ready_first_gives_its_lease_back_and_answers_to_the_end()
    {
        await using var manager = _environment.Start("Admission:DrainPeriod=00:00:10");
        await manager.WaitUntilReadyAsync();
        await _environment.WaitForRegistrationAsync();

        await manager.SendTerminateAsync();

        await Eventually.BecomesTrueAsync("it reports itself not ready", async () => await manager.StatusAsync("readyz") == HttpStatusCode.ServiceUnavailable);
        await Eventually.BecomesTrueAsync("the lease is given back", async () => string.IsNullOrEmpty(await HolderAsync()));
        // A typed Secret without an answer would be refused, and one that was not reviewed would lack the rendered file.
        var secret = await cluster.Client.CreateAsync(
            new V1Secret
            {
                Metadata = new V1ObjectMeta { Name = "late", NamespaceProperty = _environment.Users },
                Type = "kiban.dev/aws-credentials",
                StringData = new Dictionary<string, string>
                {
                    ["aws_access_key_id"] = "AKIAIOSFODNN7EXAMPLE", ["aws_secret_access_key"] = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                },
            },
            Cancelled);
        secret.Data.Keys.ShouldContain("credentials");
        (await manager.WaitForExitAsync()).ExitCode.ShouldBe(ExitCodes.Success);
    }

    [Fact]
    public async Task Manager_killed_converges_when_it_is_started_again_even_if_its_certificates_and_registration_are_lost()
    {
        int port;
        await using (var first = _environment.Start())
        {
            await first.WaitUntilReadyAsync();
            await _environment.WaitForRegistrationAsync();
            port = first.WebhookPort;
            await first.KillAsync();
        }

        await cluster.KubectlAsync("delete", "secret", "kiban-manager-tls", "-n", _environment.System);
        await _environment.ClearRegistrationAsync();

        // A lease that was not given back must lapse; a short one spares the test the wait.
        await using var second = _environment.Start("LeaderElection:LeaseDuration=00:00:04", "LeaderElection:RenewDeadline=00:00:03", "LeaderElection:RetryPeriod=00:00:01");
        await second.WaitUntilReadyAsync();
        await _environment.WaitForRegistrationAsync();
        await cluster.ApplyAsync(AwsSecret, _environment.Users, Cancelled);
        (await cluster.Client.GetAsync<V1Secret>("bucket", _environment.Users, Cancelled)).Data.Keys.ShouldContain("credentials");
        second.WebhookPort.ShouldNotBe(port);
    }

    [Fact]
    public async Task Second_replica_leads_as_soon_as_the_first_has_stopped()
    {
        await using var first = _environment.Start("Manager:Name=first");
        await first.WaitUntilReadyAsync();
        await using var second = _environment.Start("Manager:Name=second");
        await second.WaitUntilReadyAsync();
        (await HolderAsync()).ShouldStartWith("first_");

        await first.SendTerminateAsync();

        await Eventually.BecomesTrueAsync("the second replica leads", async () => (await HolderAsync())?.StartsWith("second_", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task Wrong_settings_end_the_program_with_every_one_of_them_named()
    {
        await using var manager = _environment.Start("Manager:HttpAddress=nowhere", "LeaderElection:RenewDeadline=00:10:00", "Admission:ServicePort=0");

        var (exitCode, errors) = await manager.WaitForExitAsync();

        exitCode.ShouldBe(ExitCodes.WrongSettings);
        errors.ShouldContain("Manager:HttpAddress is 'nowhere'");
        errors.ShouldContain("RenewDeadline");
        errors.ShouldContain("Admission:ServicePort is 0");
    }

    [Fact]
    public async Task Setting_that_does_not_exist_ends_the_program_with_its_name()
    {
        await using var manager = _environment.Start("Admission:DrainPerod=00:00:01");

        var (exitCode, errors) = await manager.WaitForExitAsync();

        exitCode.ShouldBe(ExitCodes.WrongSettings);
        errors.ShouldContain("DrainPerod");
    }

    private async Task<string?> HolderAsync() =>
        (await cluster.Client.FindAsync<V1Lease>("kiban-manager", _environment.System, Cancelled))?.Spec.HolderIdentity;

    private static string Pod(string name, string annotation) =>
        $$"""
        apiVersion: v1
        kind: Pod
        metadata:
          name: {{name}}
          annotations: { "{{annotation.Split(": ")[0]}}": "{{annotation.Split(": ")[1]}}" }
        spec:
          containers: [{ name: main, image: example.com/main }]
        """;
}
