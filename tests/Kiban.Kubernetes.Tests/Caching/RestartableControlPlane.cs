using Kiban.Testing;

namespace Kiban.Kubernetes.Tests.Caching;

/// <summary>A control plane of its own, for tests that stop the API server.</summary>
public sealed class RestartableControlPlane : ControlPlaneFixture;
