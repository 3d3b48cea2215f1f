using Kiban.Testing;

[assembly: AssemblyFixture(typeof(ControlPlaneFixture))]
[assembly: AssemblyFixture(typeof(NodeFixture))]
