using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kiban.Images.Layers;
using Kiban.Processes;

namespace Kiban.Images.Building;

/// <summary>
/// Keeps what builds made: blobs under their digests, and beside them what each digest was made from, so that a second build of the same makes
/// nothing. Files appear complete or not at all, whoever writes them.
/// </summary>
internal sealed class BuildCache(string folder)
{
    /// <summary><c>${KIBAN_CACHE}/images</c>; without the variable, below the user's cache folder.</summary>
    public static string DefaultFolder
    {
        get
        {
            if (Environment.GetEnvironmentVariable("KIBAN_CACHE") is { Length: > 0 } kiban)
                return Path.Combine(kiban, "images");
            var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } xdg
                ? xdg
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            return Path.Combine(cache, "kiban", "images");
        }
    }

    /// <summary>Where apt keeps its archives.</summary>
    public string AptFolder => Path.Combine(folder, "apt");

    /// <summary>A new path for a folder that one build needs for itself.</summary>
    public string NewScratchPath(string name) => Path.Combine(folder, "scratch", $"{name}-{Guid.NewGuid():n}");

    /// <summary>Path of a blob.</summary>
    public string BlobPath(string digest) => Path.Combine(folder, "blobs", digest.Replace(':', '/'));

    /// <summary>Waits until no other process uses apt's folder, and keeps others waiting until the result is disposed.</summary>
    public Task<AdvisoryLock> LockAsync(TimeProvider time, CancellationToken cancellationToken) =>
        AdvisoryLock.AcquireAsync(Path.Combine(folder, "lock"), time, waiting: null, cancellationToken);

    /// <summary>Stores a blob and returns its digest.</summary>
    public string StoreBlob(ReadOnlySpan<byte> content)
    {
        var digest = "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));
        var path = BlobPath(digest);
        if (!File.Exists(path))
        {
            var partial = NewPartialFile();
            File.WriteAllBytes(partial, content);
            Publish(partial, path);
        }

        return digest;
    }

    /// <summary>The layer that was made from these inputs before; null if none was.</summary>
    /// <param name="inputs">Everything that the layer's bytes depend on, but for the time stamp.</param>
    /// <param name="origin">What it was made from, for people.</param>
    /// <param name="modified">Time stamp of all entries.</param>
    public Layer? RecallLayer(string inputs, string origin, DateTimeOffset modified) =>
        Recall(LayerKey(inputs, modified), CacheJson.Default.Layer) is { } known && File.Exists(BlobPath(known.Digest))
            ? known with { Origin = origin }
            : null;

    /// <summary>Makes and stores a layer, and remembers what it was made from.</summary>
    public async Task<Layer> WriteLayerAsync(string inputs, string origin, DateTimeOffset modified, Func<LayerWriter, Task> write)
    {
        var layer = await WriteLayerAsync(origin, modified, write);
        Remember(LayerKey(inputs, modified), layer, CacheJson.Default.Layer);
        return layer;
    }

    /// <summary>Makes and stores a layer.</summary>
    public async Task<Layer> WriteLayerAsync(string origin, DateTimeOffset modified, Func<LayerWriter, Task> write)
    {
        var partial = NewPartialFile();
        Layer layer;
        await using (var file = File.Create(partial))
        {
            await using var digest = new DigestStream(file);
            using (var writer = new LayerWriter(digest, modified))
                await write(writer);
            layer = new Layer(digest.Digest, digest.Length, origin);
        }

        Publish(partial, BlobPath(layer.Digest));
        return layer;
    }

    /// <summary>What was remembered under a key; null if nothing was.</summary>
    public T? Recall<T>(string key, JsonTypeInfo<T> type)
    {
        var path = RecordPath(key);
        return File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), type) : default;
    }

    /// <summary>Remembers a value under a key.</summary>
    public void Remember<T>(string key, T value, JsonTypeInfo<T> type)
    {
        var partial = NewPartialFile();
        File.WriteAllBytes(partial, JsonSerializer.SerializeToUtf8Bytes(value, type));
        Publish(partial, RecordPath(key));
    }

    private static string LayerKey(string inputs, DateTimeOffset modified) => $"layer {LayerWriter.FormatVersion}\n{modified.ToUnixTimeSeconds()}\n{inputs}";

    private string RecordPath(string key) =>
        Path.Combine(folder, "records", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key))) + ".json");

    private string NewPartialFile()
    {
        Directory.CreateDirectory(Path.Combine(folder, "scratch"));
        return NewScratchPath("partial");
    }

    private static void Publish(string partial, string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Move(partial, path, overwrite: true);
    }
}
