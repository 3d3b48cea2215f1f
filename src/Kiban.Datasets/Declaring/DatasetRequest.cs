using Kiban.Datasets.Api;
using Kiban.Sources;

namespace Kiban.Datasets.Declaring;

/// <summary>What the annotations of a claim ask for.</summary>
public sealed record DatasetRequest
{
    /// <summary>Where the data is, in the order written.</summary>
    public required IReadOnlyList<SourceUri> Sources { get; init; }

    /// <summary>Directory below the volume's root, without slashes at its ends; empty for the root.</summary>
    public string Path { get; init; } = "";

    /// <summary>Names of Secrets.</summary>
    public IReadOnlyList<string> Credentials { get; init; } = [];

    /// <summary>Globs of what is loaded; empty for all.</summary>
    public IReadOnlyList<string> Include { get; init; } = [];

    /// <summary>Globs of what is not.</summary>
    public IReadOnlyList<string> Exclude { get; init; } = [];

    /// <summary>How Pods wait.</summary>
    public WaitMode Wait { get; init; }

    /// <summary>Whether snapshots of equal loads may be used and made.</summary>
    public bool UsesCache { get; init; } = true;

    /// <summary>Whether a source without objects is no mistake.</summary>
    public bool AllowsEmpty { get; init; }

    /// <summary>Whether files that are gone at the source are removed.</summary>
    public bool Prunes { get; init; }

    /// <summary>Whatever the user wrote last to have it loaded again; empty for nothing.</summary>
    public string Reload { get; init; } = "";

    /// <summary>Whether a claim that binds on first use is loaded before any Pod uses it.</summary>
    public bool BindsAtOnce { get; init; }

    /// <summary>
    /// Reads the annotations of a claim, or of the template of one. Where something is wrong, <paramref name="mistakes"/> has a sentence for each
    /// thing that is, and the result is null. Null without mistakes: it does not ask to be filled.
    /// </summary>
    public static DatasetRequest? Read(IEnumerable<KeyValuePair<string, string>> annotations, out IReadOnlyList<string> mistakes)
    {
        var reader = new AnnotationReader(annotations);
        mistakes = reader.Mistakes;
        reader.RefuseUnknownKeys();
        if (!reader.Has(DatasetsApi.Annotations.Source))
        {
            reader.RefuseWithoutSource();
            return null;
        }
        var request = new DatasetRequest
        {
            Sources = reader.Sources(),
            Path = reader.Path(),
            Credentials = reader.SecretNames(),
            Include = reader.Globs(DatasetsApi.Annotations.Include),
            Exclude = reader.Globs(DatasetsApi.Annotations.Exclude),
            Wait = reader.Choice(DatasetsApi.Annotations.Wait, ("schedule", WaitMode.Schedule), ("start", WaitMode.Start), ("never", WaitMode.Never)),
            UsesCache = reader.Choice(DatasetsApi.Annotations.Cache, ("auto", true), ("never", false)),
            AllowsEmpty = reader.Choice(DatasetsApi.Annotations.AllowEmpty, ("false", false), ("true", true)),
            Prunes = reader.Choice(DatasetsApi.Annotations.Prune, ("false", false), ("true", true)),
            Reload = reader.Text(DatasetsApi.Annotations.Reload),
            BindsAtOnce = reader.Choice(DatasetsApi.Annotations.Bind, ("consumer", false), ("immediate", true)),
        };
        return mistakes.Count == 0 ? request : null;
    }
}
