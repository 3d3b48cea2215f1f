using Kiban.Loader.Stores;
using Kiban.Sources;

namespace Kiban.Loader.Tests.Stores;

/// <summary>What tests do with stores.</summary>
internal static class StoreReader
{
    public static SourceUri Source(string text) => SourceUri.TryParse(text, out var source, out var mistake, allowHttp: true)
        ? source
        : throw new ArgumentException($"{text} {mistake}", nameof(text));

    /// <summary>All that a store lists, by key.</summary>
    public static async Task<SortedDictionary<string, SourceObject>> ListAsync(this IObjectStore store)
    {
        var objects = new SortedDictionary<string, SourceObject>(StringComparer.Ordinal);
        await foreach (var page in store.ListAsync(TestContext.Current.CancellationToken))
        {
            foreach (var found in page)
                objects.Add(found.Key, found);
        }

        return objects;
    }

    /// <summary>The only object that a store lists.</summary>
    public static async Task<SourceObject> OnlyAsync(this IObjectStore store) => (await store.ListAsync()).Values.ShouldHaveSingleItem();

    /// <summary>Bytes of a range.</summary>
    public static async Task<byte[]> ReadAsync(this IObjectStore store, SourceObject source, long offset, long length)
    {
        using var body = await store.OpenRangeAsync(source, offset, length, TestContext.Current.CancellationToken);
        var bytes = new MemoryStream();
        await body.Content.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        return bytes.ToArray();
    }

    /// <summary>All bytes, in one request.</summary>
    public static Task<byte[]> ReadAsync(this IObjectStore store, SourceObject source) => store.ReadAsync(source, 0, source.Size ?? 0);

    /// <summary>The failure with which a read ends.</summary>
    public static async Task<StoreException> FailureOfReadAsync(this IObjectStore store, SourceObject source) =>
        await Should.ThrowAsync<StoreException>(() => store.ReadAsync(source));

    /// <summary>The failure with which a listing ends.</summary>
    public static async Task<StoreException> FailureOfListAsync(this IObjectStore store) =>
        await Should.ThrowAsync<StoreException>(() => store.ListAsync());
}
