using Kiban.LocalCluster.ControlPlanes;
using Kiban.Testing;

namespace Kiban.Manager.Tests;

/// <summary>The assembly's control plane, whose API server writes down who asked for what.</summary>
public sealed class AuditedControlPlane : ControlPlaneFixture
{
    protected override ControlPlaneOptions Configure(ControlPlaneOptions options) => options with
    {
        Scheduler = false,
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
