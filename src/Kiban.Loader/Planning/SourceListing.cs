using Kiban.Loader.Loading;
using Kiban.Loader.Stores;

namespace Kiban.Loader.Planning;

/// <summary>Lists the sources of a load and checks that all of it can become files.</summary>
internal static class SourceListing
{
    /// <summary>How many keys an error names.</summary>
    private const int NamedKeys = 5;

    /// <summary>Everything that is to be loaded, of all sources, in no order.</summary>
    /// <exception cref="LoadException">A source cannot be listed, or a key cannot become a file.</exception>
    public static async Task<IReadOnlyList<PlannedFile>> ReadAsync(
        IReadOnlyList<LoadSource> sources, LoadOptions options, RetryPolicy retry, CancellationToken cancellationToken)
    {
        var lists = new List<PlannedFile>[sources.Count];
        await Task.WhenAll(sources.Select(async (source, index) =>
            lists[index] = await retry.RunAsync(() => ReadSourceAsync(index, source, options, cancellationToken), cancellationToken).ConfigureAwait(false))).ConfigureAwait(false);
        return [.. lists.SelectMany(list => list)];
    }

    /// <summary>Says which keys cannot become files.</summary>
    /// <exception cref="LoadException">There are such keys; the message names the first of them.</exception>
    public static void RequireSafe(IReadOnlyList<PlannedFile> files, string root, bool foldsCase)
    {
        var problems = files
            .Select((file, index) => (Index: index, Problem: PathRules.Problem(file.Path, root)))
            .Where(found => found.Problem is not null)
            .Concat(PathRules.Collisions([.. files.Select(file => file.Path)], foldsCase).Select(found => (found.Index, Problem: (string?)found.Problem)))
            .Select(found => $"the key \"{Printable(files[found.Index].Object.Key)}\" {found.Problem}")
            .ToList();
        if (problems.Count == 0)
            return;
        var more = problems.Count > NamedKeys ? $"; and {problems.Count - NamedKeys} more" : "";
        throw new LoadException(
            LoadReason.UnsafeKey, $"Nothing was loaded: {string.Join("; ", problems.Take(NamedKeys))}{more}. Exclude what cannot be a file, or rename it at the source.");
    }

    private static async Task<List<PlannedFile>> ReadSourceAsync(int index, LoadSource source, LoadOptions options, CancellationToken cancellationToken)
    {
        var files = new List<PlannedFile>();
        var isEmpty = true;
        await foreach (var page in source.Store.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            isEmpty &= page.Count == 0;
            foreach (var item in page.Where(item => options.Filter.Takes(item.RelativePath)))
                files.Add(new PlannedFile(index, item, options.Directory.Length == 0 ? item.RelativePath : $"{options.Directory}/{item.RelativePath}"));
        }

        if (files.Count > 0 || options.AllowsEmpty)
            return files;
        throw new LoadException(LoadReason.SourceEmpty, isEmpty
            ? $"There is nothing at {source.Name}; check the bucket and the prefix, or allow an empty source."
            : $"The filters take nothing of what is at {source.Name}; check include and exclude, or allow an empty source.");
    }

    private static string Printable(string key) => string.Concat(key.Select(character => char.IsControl(character) ? $"\\u{(int)character:x4}" : character.ToString()));
}
