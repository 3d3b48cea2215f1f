using System.CommandLine;
using System.Text.RegularExpressions;
using Kiban.LocalCluster;

namespace Kiban.Cli.Local;

/// <summary><c>--name</c>: which cluster is meant.</summary>
internal sealed partial class ClusterNameOption : Option<string>
{
    public ClusterNameOption()
        : this("--name", "-n")
    {
    }

    /// <summary>Under another name, where <c>--name</c> would be taken for that of something else.</summary>
    public ClusterNameOption(string option, params string[] aliases)
        : base(option, aliases)
    {
        HelpName = "name";
        Description = "Name of the cluster; several run side by side";
        DefaultValueFactory = _ => "kiban";
        CompletionSources.Add(_ => Cluster.Names().Select(name => new System.CommandLine.Completions.CompletionItem(name)));
        Validators.Add(result =>
        {
            var name = result.GetValueOrDefault<string>();
            if (name is null || !Pattern().IsMatch(name))
            {
                result.AddError($"{option} '{name}' is not a cluster name: up to 30 lower-case letters, digits and hyphens, with a letter first.");
            }
        });
    }

    /// <summary>The cluster with the name.</summary>
    /// <exception cref="LocalClusterException">There is none.</exception>
    public Cluster Open(ParseResult parsed)
    {
        var name = parsed.GetRequiredValue(this);
        return Cluster.Open(name, SelfCommand.Agent, TimeProvider.System)
            ?? throw new LocalClusterException($"There is no cluster '{name}'; 'kiban local up --name {name}' makes it.");
    }

    [GeneratedRegex("^[a-z]([a-z0-9-]{0,28}[a-z0-9])?$")]
    private static partial Regex Pattern();
}
