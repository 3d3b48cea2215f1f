using System.Text.Json;
using Kiban.Loader.FileSystem;
using Kiban.Loader.Planning;

namespace Kiban.Loader.Journals;

/// <summary>
/// What the last finished load put in place: JSON lines, the first of them the load as a whole, the others one file each. A volume without it
/// was never loaded to the end.
/// </summary>
/// <param name="Header">The load.</param>
/// <param name="Files">Its files by path.</param>
internal sealed record Manifest(ManifestHeader Header, IReadOnlyDictionary<string, LoadedFile> Files)
{
    private const string FileName = "manifest.jsonl";

    /// <summary>Reads the manifest below a directory; null where there is none that this program understands.</summary>
    public static Manifest? Read(string directory)
    {
        var path = $"{directory}/{PathRules.OwnFolder}/{FileName}";
        if (!File.Exists(path))
            return null;
        using var lines = File.ReadLines(path).GetEnumerator();
        try
        {
            if (!lines.MoveNext() || JsonSerializer.Deserialize(lines.Current, ManifestJson.Default.ManifestHeader) is not { Form: ManifestHeader.CurrentForm } header)
                return null;
            var files = new Dictionary<string, LoadedFile>(header.Files, StringComparer.Ordinal);
            while (lines.MoveNext())
            {
                var file = JsonSerializer.Deserialize(lines.Current, ManifestJson.Default.LoadedFile)!;
                files[file.Path] = file;
            }

            return new Manifest(header, files);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes a manifest in place of the earlier one at one stroke, and makes it durable with everything before it.</summary>
    /// <exception cref="LoadException">The volume cannot be written.</exception>
    public static void Write(Volume volume, ManifestHeader header, IEnumerable<LoadedFile> files)
    {
        var path = $"{volume.OwnFolder}/{FileName}";
        try
        {
            using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
            {
                File.SetUnixFileMode(file.SafeFileHandle, Volume.FileMode);
                JsonSerializer.Serialize(file, header, ManifestJson.Default.ManifestHeader);
                file.WriteByte((byte)'\n');
                foreach (var loaded in files)
                {
                    JsonSerializer.Serialize(file, loaded, ManifestJson.Default.LoadedFile);
                    file.WriteByte((byte)'\n');
                }
            }

            // The files that it names must be there before it is.
            volume.Sync();
            File.Move(path + ".new", path, overwrite: true);
            volume.Sync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw VolumeError.From(e, $"write {path}");
        }
    }
}
