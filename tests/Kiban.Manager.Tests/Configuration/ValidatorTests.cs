using Kiban.Kubernetes.Admission;
using Kiban.Manager.Configuration;
using Microsoft.Extensions.Configuration;

namespace Kiban.Manager.Tests.Configuration;

/// <summary>Settings are judged all at once, each by its name.</summary>
public sealed class ValidatorTests
{
    [Fact]
    public void Defaults_are_valid()
    {
        Failures(new ManagerOptions()).ShouldBeEmpty();
        Failures(new LeaderElectionSettings()).ShouldBeEmpty();
        Failures(new AdmissionOptions()).ShouldBeEmpty();
    }

    [Fact]
    public void Every_wrong_setting_of_the_process_is_named()
    {
        var failures = Failures(new ManagerOptions { HttpPort = 9443, HttpAddress = "localhost", Name = "Über", Kubeconfig = "/no/such/file" });

        failures.Select(failure => failure.Split(' ')[0]).ShouldBe(
            ["Manager:HttpAddress", "Manager:Name", "Manager:Kubeconfig", "Manager:HttpPort"], ignoreOrder: true);
    }

    [Fact]
    public void Every_wrong_setting_of_the_webhook_server_is_named()
    {
        var options = new AdmissionOptions
        {
            Port = 70_000, ServicePort = 0, Namespace = "kiban.system", ServiceName = "-", ConfigurationName = "", Url = new Uri("http://example.com"),
            DrainPeriod = TimeSpan.FromMinutes(5),
        };
        options.Certificates.SecretName = "Secret";

        Failures(options).Select(failure => failure.Split(' ')[0]).ShouldBe(
            [
                "Admission:Port", "Admission:ServicePort", "Admission:Namespace", "Admission:ServiceName", "Admission:ConfigurationName", "Admission:Url",
                "Admission:DrainPeriod", "Admission:Certificates:SecretName",
            ],
            ignoreOrder: true);
    }

    [Theory]
    [InlineData(15, 15, 2)]
    [InlineData(15, 10, 10)]
    [InlineData(0, 10, 2)]
    public void Times_of_the_lease_that_could_make_two_leaders_or_none_are_refused(int duration, int deadline, int retry) =>
        Failures(new LeaderElectionSettings
        {
            LeaseDuration = TimeSpan.FromSeconds(duration), RenewDeadline = TimeSpan.FromSeconds(deadline), RetryPeriod = TimeSpan.FromSeconds(retry),
        }).ShouldNotBeEmpty();

    [Fact]
    public void Two_runs_of_one_replica_hold_the_lease_under_different_names() =>
        new LeaderElectionSettings().ToOptions("ns", "pod").Identity.ShouldNotBe(new LeaderElectionSettings().ToOptions("ns", "pod").Identity);

    private static IEnumerable<string> Failures(ManagerOptions options) =>
        new ManagerOptionsValidator(new ConfigurationBuilder().Build()).Validate(null, options).Failures ?? [];

    private static IEnumerable<string> Failures(LeaderElectionSettings options) => new LeaderElectionSettingsValidator().Validate(null, options).Failures ?? [];

    private static IEnumerable<string> Failures(AdmissionOptions options) => new AdmissionOptionsValidator().Validate(null, options).Failures ?? [];
}
