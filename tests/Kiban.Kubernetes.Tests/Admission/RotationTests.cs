using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using k8s.Models;
using Kiban.Kubernetes.Admission;
using Kiban.Kubernetes.Admission.Registration;
using Kiban.Kubernetes.Certificates;
using Kiban.Kubernetes.Client;
using Kiban.Testing;
using KubernetesException = Kiban.Kubernetes.Client.KubernetesException;

namespace Kiban.Kubernetes.Tests.Admission;

/// <summary>Certificates change while Pods are created without pause through two replicas that fail closed.</summary>
public sealed class RotationTests(ControlPlaneFixture cluster) : RealAdmissionTests(cluster)
{
    [Fact]
    public async Task Two_rotations_of_everything_and_the_end_of_a_leader_cost_not_one_request()
    {
        var first = await StartReplicaAsync();
        await using var second = await StartReplicaAsync();
        var term = RealAdmission.Lead(first);
        await Installation.WaitForAsync((mutating, validating) => mutating.Count == 1 && validating.Count == 1, "both are filled");
        await BothReadyAsync(first, second);

        await using var load = new Load(Installation, clients: 4);
        await load.ProgressAsync();
        var authorities = new HashSet<string>();
        authorities.Add(Authority(await SecretAsync()));

        // A new serving certificate.
        var before = await SecretAsync();
        await RotateAsync("serving");
        await load.ProgressAsync();
        (await SecretAsync()).Data["tls.crt"].ShouldNotBe(before.Data["tls.crt"]);
        authorities.Add(Authority(await SecretAsync())).ShouldBeFalse();

        // A new authority, twice; the leader ends in the middle of the second.
        await RotateAsync("authority");
        await load.ProgressAsync();
        authorities.Add(Authority(await SecretAsync())).ShouldBeTrue();

        await AnnotateAsync("authority");
        await WaitForSecretAsync(state => state.Next is not null, "the next authority is announced");
        await term.DisposeAsync();
        await first.DisposeAsync();
        Installation.Service.Remove(first);
        await using var third = await StartReplicaAsync();
        await using var successor = RealAdmission.Lead(second);
        await WaitForSecretAsync(IsAtRest, "the new leader has finished the rotation");
        await BothReadyAsync(second, third);
        await load.ProgressAsync();
        authorities.Add(Authority(await SecretAsync())).ShouldBeTrue();

        await load.StopAsync();
        load.Failures.ShouldBeEmpty();
        load.Succeeded.ShouldBeGreaterThan(50);
        authorities.Count.ShouldBe(3);
        second.Certificate.Current!.Certificate.Issuer.ShouldBe(CertificateSecret.Read(await SecretAsync()).Authority!.Certificate.Subject);

        // The control: were the bundle ever without the authority that is served, requests would have failed.
        await successor.DisposeAsync();
        Installation.Service.IgnoresReadiness = true;
        await RegisterForeignAuthorityAsync();
        await WaitForRefusalAsync();
    }

    private async Task RegisterForeignAuthorityAsync()
    {
        var foreign = new TrustBundle([new CertificateIssuer(new CertificateOptions(), ["foreign"]).NewAuthority(TimeProvider.System.GetUtcNow()).Certificate]);
        var caBundle = Convert.ToBase64String(Encoding.ASCII.GetBytes(foreign.ToPem()));
        await Installation.Client.PatchAsync<MutatingWebhookConfiguration>(
            Installation.System, null,
            ObjectPatch.Json([new JsonObject { ["op"] = "replace", ["path"] = "/webhooks/0/clientConfig/caBundle", ["value"] = caBundle }]), Cancel);
    }

    private async Task WaitForRefusalAsync()
    {
        for (var number = 0; ; number++)
        {
            try
            {
                await Installation.Client.CreateAsync(Installation.Pod($"control-{number}"), Cancel);
            }
            catch (KubernetesException refusal)
            {
                refusal.Message.ShouldContain("certificate");
                return;
            }
        }
    }

    private Task<AdmissionServer> StartReplicaAsync() => Installation.StartReplicaAsync(
        [
            new DelegateHandler(Installation.OnPods("/mutate", mutating: true), request =>
            {
                request.Object!["metadata"]!["annotations"] = new JsonObject { ["seen"] = "true" };
                return AdmissionResponse.Allow();
            }),
            new DelegateHandler(Installation.OnPods("/validate", mutating: false), _ => AdmissionResponse.Allow()),
        ],
        options =>
        {
            options.DrainPeriod = TimeSpan.FromSeconds(2);
            options.Certificates.Propagation = TimeSpan.FromSeconds(4);
            options.Certificates.Overlap = TimeSpan.FromSeconds(4);
            options.Certificates.Settle = TimeSpan.FromSeconds(1);
        });

    private async Task RotateAsync(string what)
    {
        var before = await SecretAsync();
        await AnnotateAsync(what);
        await WaitForSecretAsync(
            state => IsAtRest(state) && !state.Serving!.IsSameAs(CertificateSecret.Read(before).Serving), $"the rotation of {what} has ended");
    }

    private Task<V1Secret> AnnotateAsync(string what) => Installation.Client.PatchAsync<V1Secret>(
        "kiban-manager-tls", Installation.System,
        ObjectPatch.Merge(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [CertificateSecret.RotateAnnotation] = what } } }),
        Cancel);

    private static bool IsAtRest(CertificateState state) =>
        state is { Authority: not null, Serving: not null, Next: null, Retired.Count: 0, Requested: CertificateRotationRequest.None };

    private async Task WaitForSecretAsync(Func<CertificateState, bool> condition, string what)
    {
        while (!condition(CertificateSecret.Read(await SecretAsync())))
        {
            Cancel.IsCancellationRequested.ShouldBeFalse($"waited in vain: {what}");
            await Task.Delay(50, CancellationToken.None);
        }
    }

    private static Task BothReadyAsync(AdmissionServer one, AdmissionServer other) =>
        Fakes.Until.TrueAsync(() => one.IsReady && other.IsReady, "both replicas are ready");

    private Task<V1Secret> SecretAsync() => Installation.Client.GetAsync<V1Secret>("kiban-manager-tls", Installation.System, CancellationToken.None);

    private static string Authority(V1Secret secret) => Encoding.UTF8.GetString(secret.Data["ca.crt"]);

    /// <summary>Clients that create Pods one after the other, and keep what went wrong.</summary>
    private sealed class Load : IAsyncDisposable
    {
        private readonly RealAdmission Installation;
        private readonly CancellationTokenSource _stopping = new();
        private readonly Task _clients;
        private int _succeeded;

        public Load(RealAdmission installation, int clients)
        {
            Installation = installation;
            _clients = Task.WhenAll(Enumerable.Range(0, clients).Select(RunAsync));
        }

        public ConcurrentBag<string> Failures { get; } = [];

        public int Succeeded => Volatile.Read(ref _succeeded);

        /// <summary>Returns after some more requests.</summary>
        public Task ProgressAsync()
        {
            var goal = Succeeded + 10;
            return Fakes.Until.TrueAsync(() => Succeeded >= goal || !Failures.IsEmpty, "requests succeed");
        }

        public Task StopAsync()
        {
            _stopping.Cancel();
            return _clients;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _stopping.Dispose();
        }

        private async Task RunAsync(int client)
        {
            for (var number = 0; !_stopping.IsCancellationRequested; number++)
            {
                try
                {
                    var created = await Installation.Client.CreateAsync(
                        Installation.Pod($"load-{client}-{number}"), CancellationToken.None, new WriteOptions { DryRun = number % 2 == 0 });
                    if (created.Metadata.Annotations?.ContainsKey("seen") == true)
                        Interlocked.Increment(ref _succeeded);
                    else
                        Failures.Add($"load-{client}-{number} was created without the webhook");
                }
                catch (Exception failure)
                {
                    Failures.Add($"{TimeProvider.System.GetUtcNow():HH:mm:ss.fff} {failure.Message}");
                }
            }
        }
    }
}
