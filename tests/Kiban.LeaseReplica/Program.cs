// One replica of a program that works under a lease, for tests that stop and wake real processes:
//   Kiban.LeaseReplica KUBECONFIG NAMESPACE IDENTITY
// While it leads it writes its identity and the number of its write into the ConfigMap "ledger", again and again.
// Whether it leads is printed to standard output.

using System.Text.Json.Nodes;
using k8s.Models;
using Kiban.Kubernetes.Client;
using Kiban.Kubernetes.Connection;
using Kiban.Kubernetes.Leases;
using Microsoft.Extensions.Logging.Abstractions;

var (kubeconfig, ns, identity) = (args[0], args[1], args[2]);
using var direct = new KubernetesClient(KubernetesConnection.FromKubeconfig(kubeconfig));
var fenced = new FencedKubernetesClient(direct);
var options = new LeaderElectionOptions
{
    Name = "lease",
    Namespace = ns,
    Identity = identity,
    LeaseDuration = TimeSpan.FromSeconds(6),
    RenewDeadline = TimeSpan.FromSeconds(2),
    RetryPeriod = TimeSpan.FromMilliseconds(300),
};
var elector = new LeaderElector(direct, options, TimeProvider.System, NullLogger<LeaderElector>.Instance);
using var stop = new CancellationTokenSource();
using var terminated = System.Runtime.InteropServices.PosixSignalRegistration.Create(
    System.Runtime.InteropServices.PosixSignal.SIGTERM,
    signal =>
    {
        signal.Cancel = true;
        stop.Cancel();
    });

await elector.RunAsync(
    async leadership =>
    {
        Console.WriteLine("leads");
        try
        {
            // The token is deliberately not looked at: what keeps a process that was asleep from writing has to be the fence.
            for (var number = 0; ; number++)
            {
                var entry = new JsonObject { ["data"] = new JsonObject { ["writer"] = identity, ["write"] = $"{number}" } };
                await fenced.PatchAsync<V1ConfigMap>("ledger", ns, ObjectPatch.Merge(entry), CancellationToken.None);

                // A process stopped between the check and the sending would send on waking: no check on this side can close that gap, so
                // the test makes it improbable.
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
            }
        }
        catch (Exception exception) when (exception is LeadershipLostException or OperationCanceledException)
        {
            Console.WriteLine("lost");
        }
    },
    stop.Token);
