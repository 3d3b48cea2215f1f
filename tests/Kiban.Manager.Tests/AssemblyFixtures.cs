using Kiban.Manager.Tests;

[assembly: AssemblyFixture(typeof(AuditedControlPlane))]
