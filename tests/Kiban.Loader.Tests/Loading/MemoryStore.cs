using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Kiban.Loader.Checksums;
using Kiban.Loader.Stores;

namespace Kiban.Loader.Tests.Loading;

/// <summary>A store in memory, to force what no server can: answers at exact moments, bodies that never move.</summary>
internal sealed class MemoryStore : IObjectStore
{
    /// <summary>Objects by key.</summary>
    public ConcurrentDictionary<string, (byte[] Content, string? Version)> Objects { get; } = new(StringComparer.Ordinal);

    /// <summary>Bytes handed out, by key.</summary>
    public ConcurrentDictionary<string, long> Served { get; } = new(StringComparer.Ordinal);

    /// <summary>Called before a range is opened; may throw.</summary>
    public Func<SourceObject, long, Task>? Opening { get; set; }

    /// <summary>Makes the body of a range something else.</summary>
    public Func<SourceObject, long, Stream, Stream>? Wrap { get; set; }

    /// <summary>What each object's source says of its content.</summary>
    public Func<byte[], ObjectChecksums> Checksums { get; set; } = content => new ObjectChecksums { Crc32C = Crc32C.Append(0, content) };

    /// <summary>Whether ranges are offered and sizes told.</summary>
    public (bool Ranges, bool Sizes) Offers { get; set; } = (true, true);

    public void Put(string key, byte[] content, string? version = "1") => Objects[key] = (content, version);

    public async IAsyncEnumerable<IReadOnlyList<SourceObject>> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Yield();
        foreach (var page in Objects.OrderBy(item => item.Key, StringComparer.Ordinal).Chunk(3))
        {
            yield return
            [
                .. page.Select(item => new SourceObject
                {
                    Key = item.Key,
                    RelativePath = item.Key,
                    Size = Offers.Sizes ? item.Value.Content.Length : null,
                    Version = item.Value.Version,
                    LastModified = new DateTimeOffset(2024, 2, 29, 12, 0, 1, TimeSpan.Zero),
                    Checksums = Checksums(item.Value.Content),
                    HasRanges = Offers.Ranges,
                }),
            ];
        }
    }

    public async Task<RangeBody> OpenRangeAsync(SourceObject source, long offset, long length, CancellationToken cancellationToken)
    {
        if (Opening is { } opening)
            await opening(source, offset);
        cancellationToken.ThrowIfCancellationRequested();
        if (!Objects.TryGetValue(source.Key, out var item) || item.Version != source.Version)
            throw new StoreException(StoreFailure.Changed, $"{source.Key} changed.");
        var count = length < 0 ? item.Content.Length : (int)length;
        Served.AddOrUpdate(source.Key, count, (_, served) => served + count);
        Stream body = new MemoryStream(item.Content, (int)offset, count, writable: false);
        return new RangeBody(Wrap?.Invoke(source, offset, body) ?? body, count);
    }

    public void Dispose()
    {
    }
}
