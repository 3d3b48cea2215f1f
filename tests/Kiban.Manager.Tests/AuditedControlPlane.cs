using Kiban.LocalCluster.ControlPlanes;
using Kiban.Testing;

namespace Kiban.Manager.Tests;

/// <summary>
/// The assembly's control plane. Its API server writes down who asked for what, and sends reviews straight to a Service's endpoints,
/// as there is no kube-proxy.
/// </summary>
public sealed class AuditedControlPlane : ControlPlaneFixture
{
    protected override ControlPlaneOptions Configure(ControlPlaneOptions options) => options with
    {
        Scheduler = false,
        ApiServerArguments = ["--enable-aggregator-routing=true"],
        AuditPolicy =
            """
            apiVersion: audit.k8s.io/v1
            kind: Policy
            omitStages: [RequestReceived]
            rules:
              - level: Metadata
            """,
    };
}
