using Kiban.Testing;

namespace Kiban.Kubernetes.Tests.Admission;

/// <summary>Tests that each have an installation of the admission server on the real API server.</summary>
public abstract class RealAdmissionTests(ControlPlaneFixture cluster) : IAsyncLifetime
{
    private RealAdmission _installation = null!;

    private protected RealAdmission Installation => _installation;

    protected ControlPlaneFixture Cluster => cluster;

    protected CancellationToken Cancel => _installation.Cancel;

    public async ValueTask InitializeAsync() => _installation = await RealAdmission.InstallAsync(cluster);

    public async ValueTask DisposeAsync()
    {
        await _installation.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
