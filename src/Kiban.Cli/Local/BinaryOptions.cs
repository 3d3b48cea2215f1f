using System.CommandLine;
using Kiban.Cli.Terminal;
using Kiban.LocalCluster.Binaries;

namespace Kiban.Cli.Local;

/// <summary>Options that say where the programs of Kubernetes come from.</summary>
internal sealed class BinaryOptions
{
    private readonly Option<DirectoryInfo?> _folder = new("--binaries")
    {
        Description = "Folder with the programs of a Kubernetes release (also KUBEBUILDER_ASSETS)",
    };

    private readonly Option<string?> _version = new("--kubernetes-version")
    {
        Description = "Release of Kubernetes, such as v1.20.2; without it, what the cluster has, the newest in the cache, or what the first route offers",
    };

    private readonly Option<Uri?> _downloadSite = new("--download-site")
    {
        Description = "Address of the Kubernetes download site, or of a mirror with its layout (also KIBAN_DOWNLOAD_SITE)",
        CustomParser = result => Uri.TryCreate(result.Tokens.Single().Value, UriKind.Absolute, out var site) && site.Scheme is "http" or "https"
            ? site
            : Refuse(result),
    };

    public void AddTo(Command command)
    {
        _version.Validators.Add(result =>
        {
            if (!KubernetesVersion.TryParse(result.GetValueOrDefault<string>(), out _))
            {
                result.AddError($"--kubernetes-version '{result.GetValueOrDefault<string>()}' is not a version; one looks like v1.20.2.");
            }
        });
        command.Add(_folder);
        command.Add(_version);
        command.Add(_downloadSite);
    }

    /// <summary>True when the command line says which programs it wants.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.GetValue(_folder) is not null || parsed.GetValue(_version) is not null;

    /// <summary>Gets the programs, and says by which route and why not by those before it.</summary>
    public async Task<KubernetesBinaries> ResolveAsync(ParseResult parsed, bool node, ProgressDisplay display, CancellationToken cancellationToken)
    {
        var request = new BinaryRequest
        {
            Folder = parsed.GetValue(_folder)?.FullName,
            Version = parsed.GetValue(_version) is { } version ? KubernetesVersion.Parse(version) : null,
            Programs = node ? [.. KubernetesBinaries.ControlPlanePrograms, .. KubernetesBinaries.NodePrograms] : KubernetesBinaries.ControlPlanePrograms,
        };
        var resolver = BinaryResolver.CreateDefault(parsed.GetValue(_downloadSite) ?? SiteOfEnvironment(), TimeProvider.System);
        var resolved = await resolver.ResolveAsync(request, display, cancellationToken);
        display.Say($"Kubernetes {resolved.Binaries.Version} by {resolved.Route}: {resolved.Binaries.Folder}");
        return resolved.Binaries;
    }

    private static Uri? SiteOfEnvironment() =>
        Environment.GetEnvironmentVariable("KIBAN_DOWNLOAD_SITE") is { Length: > 0 } text ? new Uri(text, UriKind.Absolute) : null;

    private static Uri? Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"--download-site '{result.Tokens.Single().Value}' is not an http or https address.");
        return null;
    }
}
