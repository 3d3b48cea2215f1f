using Kiban.Datasets.Tests.Integration;
using Kiban.Testing;

[assembly: AssemblyFixture(typeof(DatasetsFixture))]

namespace Kiban.Datasets.Tests.Integration;

/// <summary>A control plane with the controllers of Kubernetes and no node: tests play the kubelet.</summary>
public sealed class DatasetsFixture : ControlPlaneFixture;
