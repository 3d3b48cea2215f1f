namespace Kiban.Kubernetes.Tests.Documentation;

/// <summary>The identifiers of the part that docs/controllers.md builds: a namespace with a size gets a quota of that size.</summary>
internal static class TeamsApi
{
    /// <summary>Label of a namespace: the size of its team.</summary>
    public const string SizeLabel = "teams.example.dev/size";

    /// <summary>The ConfigMap that says how many processors each size has, in whatever namespace.</summary>
    public const string SizesName = "team-sizes";

    /// <summary>Name of the quota.</summary>
    public const string QuotaName = "team";

    /// <summary>Holds a namespace until its account is closed.</summary>
    public const string Finalizer = "teams.example.dev/account";

    /// <summary>Name under which the quota is applied.</summary>
    public const string FieldManager = "example-teams";
}
