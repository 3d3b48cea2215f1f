using System.Text.Json;
using Kiban.LocalCluster.Storage;

namespace Kiban.LocalCluster.Snapshots;

/// <summary>
/// The data of snapshots, on the machine: <c>&lt;handle&gt;/data</c>, and <c>&lt;handle&gt;/snapshot.json</c> with what is known of it. A
/// snapshot is there whole or not at all, whenever its maker is killed. Every operation may be repeated.
/// </summary>
internal sealed class SnapshotDirectories
{
    private const string RecordName = "snapshot.json";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver() };

    private readonly string _root;

    public SnapshotDirectories(string root) => _root = root;

    /// <summary>What is known of a snapshot, or null where there is none.</summary>
    public SnapshotRecord? Find(string handle)
    {
        var path = Path.Combine(PathOf(handle), RecordName);
        return File.Exists(path) ? JsonSerializer.Deserialize<SnapshotRecord>(File.ReadAllText(path), Json) : null;
    }

    /// <summary>The directory with the data of a snapshot.</summary>
    public string DataOf(string handle) => Path.Combine(PathOf(handle), "data");

    /// <summary>Copies a directory; a snapshot that exists is left as it is.</summary>
    /// <exception cref="IOException">It could not be copied whole; nothing is left of it.</exception>
    public async Task TakeAsync(string handle, string source, SnapshotRecord record, CancellationToken cancellationToken)
    {
        if (Directory.Exists(PathOf(handle)))
        {
            return;
        }

        var unfinished = UnfinishedPathOf(handle);
        Delete(unfinished);
        Directory.CreateDirectory(unfinished, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            await DirectoryCopy.CopyAsync(source, Path.Combine(unfinished, "data"), cancellationToken);
            await File.WriteAllTextAsync(Path.Combine(unfinished, RecordName), JsonSerializer.Serialize(record, Json) + "\n", cancellationToken);
            Directory.Move(unfinished, PathOf(handle));
        }
        catch
        {
            Delete(unfinished);
            throw;
        }
    }

    /// <summary>Removes a snapshot.</summary>
    public void Remove(string handle)
    {
        if (Directory.Exists(PathOf(handle)))
        {
            // Renamed first: half of a snapshot must not be found under its name.
            Delete(UnfinishedPathOf(handle));
            Directory.Move(PathOf(handle), UnfinishedPathOf(handle));
        }

        Delete(UnfinishedPathOf(handle));
    }

    /// <summary>Removes what a killed agent left half made or half removed.</summary>
    public void RemoveUnfinished()
    {
        if (Directory.Exists(_root))
        {
            foreach (var path in Directory.EnumerateDirectories(_root, ".*"))
            {
                Directory.Delete(path, recursive: true);
            }
        }
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private string UnfinishedPathOf(string handle) => Path.Combine(_root, "." + Checked(handle));

    private string PathOf(string handle) => Path.Combine(_root, Checked(handle));

    private static string Checked(string handle) =>
        handle.Length > 0 && handle[0] != '.' && !handle.Contains('/', StringComparison.Ordinal)
            ? handle
            : throw new ArgumentException($"'{handle}' is not the handle of a snapshot.", nameof(handle));
}
