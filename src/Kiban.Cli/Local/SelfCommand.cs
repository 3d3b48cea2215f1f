using System.Reflection;

namespace Kiban.Cli.Local;

/// <summary>How this program starts itself as a daemon.</summary>
internal static class SelfCommand
{
    /// <summary>The command line of the cluster's agent, but for the cluster's directory.</summary>
    public static IReadOnlyList<string> Agent
    {
        get
        {
            var program = Environment.ProcessPath!;
            return Path.GetFileNameWithoutExtension(program) == "dotnet"
                ? [program, Assembly.GetExecutingAssembly().Location, "local", "agent"]
                : [program, "local", "agent"];
        }
    }
}
