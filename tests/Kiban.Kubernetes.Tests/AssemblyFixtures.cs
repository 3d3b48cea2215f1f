using Kiban.Testing;

[assembly: AssemblyFixture(typeof(ControlPlaneFixture))]
