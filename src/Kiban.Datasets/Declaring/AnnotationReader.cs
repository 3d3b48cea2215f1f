using System.Text.RegularExpressions;
using Kiban.Datasets.Api;
using Kiban.Sources;

namespace Kiban.Datasets.Declaring;

/// <summary>Reads annotations one by one, and collects what is wrong with them: each a sentence that begins with the annotation.</summary>
internal sealed partial class AnnotationReader(IEnumerable<KeyValuePair<string, string>> annotations)
{
    private const int LongestPart = 255;
    private const int LongestPath = 1024;
    private static readonly char[] WhiteSpace = [' ', '\t', '\r', '\n'];

    private readonly Dictionary<string, string> _values = annotations
        .Where(pair => pair.Key.StartsWith(DatasetsApi.Prefix, StringComparison.Ordinal))
        .ToDictionary(pair => pair.Key, pair => pair.Value);

    private readonly List<string> _mistakes = [];

    public IReadOnlyList<string> Mistakes => _mistakes;

    public bool Has(string key) => _values.ContainsKey(key);

    public string Text(string key) => _values.GetValueOrDefault(key, "");

    /// <summary>A key with our prefix that is none of ours is a slip of the pen, and what it asked for would silently not happen.</summary>
    public void RefuseUnknownKeys()
    {
        foreach (var key in _values.Keys.Except(DatasetsApi.Annotations.All).Except(DatasetsApi.Records.OnClaims))
            _mistakes.Add($"{key} is no annotation of a data set; there are {List(DatasetsApi.Annotations.All.Select(known => known[DatasetsApi.Prefix.Length..]))}");
    }

    public void RefuseWithoutSource()
    {
        var others = DatasetsApi.Annotations.All.Where(Has).ToList();
        if (others.Count > 0)
            _mistakes.Add($"{others[0]} is set without {DatasetsApi.Annotations.Source}, which says where the data is");
    }

    public IReadOnlyList<SourceUri> Sources()
    {
        var sources = new List<SourceUri>();
        foreach (var text in Text(DatasetsApi.Annotations.Source).Split(WhiteSpace, StringSplitOptions.RemoveEmptyEntries))
        {
            if (!SourceUri.TryParse(text, out var source, out var mistake))
                _mistakes.Add($"{DatasetsApi.Annotations.Source} {mistake}");
            else if (sources.Contains(source))
                _mistakes.Add($"{DatasetsApi.Annotations.Source} names {source} twice");
            else
                sources.Add(source);
        }
        if (sources.Count == 0 && _mistakes.Count == 0)
            _mistakes.Add($"{DatasetsApi.Annotations.Source} is empty; an address such as s3://bucket/prefix/ is wanted");
        return sources;
    }

    public string Path()
    {
        var text = Text(DatasetsApi.Annotations.Path);
        var parts = text.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(part => part != ".").ToList();
        var wrong = text.Length > LongestPath ? $"has {text.Length} characters; at most {LongestPath} are wanted"
            : parts.Contains("..") ? "leads out of the volume by \"..\"; a directory inside it is wanted"
            : parts.Any(part => part.Length > LongestPart) ? $"has a part of more than {LongestPart} characters, which is no file name"
            : parts.FirstOrDefault() == ".kiban" ? "is in .kiban, where the loader keeps its journal; another directory is wanted"
            : text.Any(char.IsControl) ? "has a control character in it; a directory such as /data is wanted"
            : null;
        if (wrong is not null)
            _mistakes.Add($"{DatasetsApi.Annotations.Path} {(text.Any(char.IsControl) ? "" : $"is \"{text}\", which ")}{wrong}");
        return string.Join('/', parts);
    }

    public IReadOnlyList<string> SecretNames()
    {
        var names = Split(Text(DatasetsApi.Annotations.Credentials));
        if (Has(DatasetsApi.Annotations.Credentials) && names.Length == 0)
            _mistakes.Add($"{DatasetsApi.Annotations.Credentials} is empty; the name of a Secret is wanted, or no such annotation for public data");
        if (names.FirstOrDefault(name => name.Length > 253 || !SubdomainName().IsMatch(name)) is { } wrong)
            _mistakes.Add($"{DatasetsApi.Annotations.Credentials} names \"{wrong}\", which cannot be the name of a Secret");
        if (names.Length > 2 || names.Distinct().Count() != names.Length)
            _mistakes.Add($"{DatasetsApi.Annotations.Credentials} names {List(names)}; at most one Secret for AWS and one for Google is wanted");
        return names;
    }

    public IReadOnlyList<string> Globs(string key)
    {
        try
        {
            var globs = GlobPattern.ParseList(Text(key));
            if (Has(key) && globs.Count == 0)
                _mistakes.Add($"{key} is empty; patterns such as *.tar, or train/**, separated by commas, are wanted");
            return [.. globs.Select(glob => glob.Text)];
        }
        catch (FormatException e)
        {
            _mistakes.Add($"{key}: {e.Message.TrimEnd('.')}");
            return [];
        }
    }

    public T Choice<T>(string key, params IReadOnlyList<(string Word, T Value)> choices)
    {
        if (!_values.TryGetValue(key, out var text))
            return choices[0].Value;
        foreach (var (word, value) in choices)
        {
            if (word == text)
                return value;
        }
        _mistakes.Add($"{key} is \"{text}\"; {List(choices.Select(choice => choice.Word), "or")} is wanted");
        return choices[0].Value;
    }

    private static string[] Split(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string List(IEnumerable<string> words, string last = "and")
    {
        var all = words.ToList();
        return all.Count < 2 ? string.Concat(all) : $"{string.Join(", ", all.SkipLast(1))} {last} {all[^1]}";
    }

    // RFC 1123 subdomain, as the API server wants of every Secret's name.
    [GeneratedRegex("^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$")]
    private static partial Regex SubdomainName();
}
