namespace Kiban.EndToEnd.Installation;

/// <summary>Tests that take Kiban away from everybody run alone.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class InstallationCollection
{
    public const string Name = "installation";
}
