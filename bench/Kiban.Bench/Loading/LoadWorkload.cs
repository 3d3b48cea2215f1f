using Kiban.ObjectStore.Testing.Buckets;
using Kiban.ObjectStore.Testing.Contents;

namespace Kiban.Bench.Loading;

/// <summary>A data set to load.</summary>
/// <param name="Name">Its bucket.</param>
/// <param name="Description">What it is, for the report.</param>
/// <param name="Objects">Sizes of its objects by key, bytes.</param>
internal sealed record LoadWorkload(string Name, string Description, IReadOnlyList<KeyValuePair<string, long>> Objects)
{
    private const long KiB = 1024;
    private const long MiB = 1024 * KiB;

    /// <summary>Bytes of all objects.</summary>
    public long Bytes => Objects.Sum(item => item.Value);

    /// <summary>The three data sets; with smaller numbers where only the benchmark itself is tried.</summary>
    public static IReadOnlyList<LoadWorkload> All(bool isQuick)
    {
        var (few, large) = isQuick ? (500, 32 * MiB) : (10_000, 1024 * MiB);
        return
        [
            new LoadWorkload("small", $"{few} × 64 KiB", [.. Numbered("shard", few, _ => 64 * KiB)]),
            new LoadWorkload("large", $"4 × {large / MiB} MiB", [.. Numbered("part", 4, _ => large)]),
            new LoadWorkload(
                "mixed",
                $"{few / 4} × 4 KiB to 1 MiB, 40 × {large / 64 / MiB} MiB, 1 × {large / MiB} MiB",
                [
                    .. Numbered("tiny", few / 4, index => (4 * KiB) << (index % 9)),
                    .. Numbered("middle", 40, _ => large / 64),
                    .. Numbered("huge", 1, _ => large),
                ]),
        ];
    }

    /// <summary>Puts the objects into a bucket. Large ones are as uploaded in parts, with the CRC-64 that S3 has of them since 2024.</summary>
    public void Fill(TestBucket bucket)
    {
        var seed = 0;
        foreach (var (key, size) in Objects)
        {
            bucket.Put(new StoredObject
            {
                Key = key,
                Content = ObjectContent.Generated(++seed, size),
                HasCrc32C = false,
                HasCrc64Nvme = true,
                IsComposite = size > 8 * MiB,
            });
        }
    }

    private static IEnumerable<KeyValuePair<string, long>> Numbered(string name, int count, Func<int, long> size) =>
        Enumerable.Range(0, count).Select(index => KeyValuePair.Create($"{name}/{index % 100:D2}/{index:D6}.bin", size(index)));
}
