using System.Text;

namespace Kiban.LocalCluster.Binaries.Debian;

/// <summary>
/// The package sources of a machine, in both forms of <see href="https://manpages.debian.org/bookworm/apt/sources.list.5.en.html"/>,
/// turned into entries for source packages. Only texts: nothing is read or written here.
/// </summary>
public sealed record AptSourceEntries
{
    private static readonly string[] FieldsThatDoNotApply = ["types", "enabled", "architectures", "languages", "targets", "pdiffs"];

    /// <summary>Entries in the one-line form.</summary>
    public required string OneLine { get; init; }

    /// <summary>Entries in the deb822 form.</summary>
    public required string Deb822 { get; init; }

    /// <summary>True when the machine has no source of packages at all.</summary>
    public bool IsEmpty => OneLine.Length == 0 && Deb822.Length == 0;

    /// <summary>
    /// Derives source package entries from the machine's files: each active <c>deb</c> or <c>deb-src</c> entry becomes a
    /// <c>deb-src</c> one with the same address, suites, components and keys.
    /// </summary>
    /// <param name="files">Name and text of each file, in the order in which apt reads them; names end in <c>.list</c> or <c>.sources</c>.</param>
    public static AptSourceEntries Derive(IEnumerable<(string Name, string Text)> files)
    {
        var lines = new List<string>();
        var stanzas = new List<string>();
        foreach (var (name, text) in files)
        {
            if (name.EndsWith(".sources", StringComparison.Ordinal))
            {
                stanzas.AddRange(Stanzas(text).Select(SourceStanza).OfType<string>());
            }
            else if (name.EndsWith(".list", StringComparison.Ordinal))
            {
                lines.AddRange(text.Split('\n').Select(SourceLine).OfType<string>());
            }
        }

        return new AptSourceEntries
        {
            OneLine = string.Concat(lines.Distinct(StringComparer.Ordinal).Select(line => line + "\n")),
            Deb822 = string.Join('\n', stanzas.Distinct(StringComparer.Ordinal)),
        };
    }

    // "deb [arch=amd64 signed-by=/k.gpg] http://host/debian bookworm main # comment"
    private static string? SourceLine(string line)
    {
        var entry = line.Split('#')[0].Trim();
        var type = entry.Split(' ', '\t', '[')[0];
        if (type is not ("deb" or "deb-src"))
        {
            return null;
        }

        var rest = entry[type.Length..].Trim();
        if (!rest.StartsWith('['))
        {
            return "deb-src " + rest;
        }

        var end = rest.IndexOf(']', StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var options = rest[1..end].Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Where(option => !option.StartsWith("arch", StringComparison.Ordinal) && !option.StartsWith("lang", StringComparison.Ordinal))
            .ToList();
        return "deb-src " + (options.Count > 0 ? $"[{string.Join(' ', options)}] " : "") + rest[(end + 1)..].Trim();
    }

    private static IEnumerable<List<(string Name, string Value)>> Stanzas(string text)
    {
        var fields = new List<(string Name, string Value)>();
        foreach (var line in text.Split('\n').Select(line => line.TrimEnd()).Append(""))
        {
            if (line.StartsWith('#'))
            {
                continue;
            }

            if (line.Length == 0)
            {
                if (fields.Count > 0)
                {
                    yield return fields;
                    fields = [];
                }
            }
            else if (char.IsWhiteSpace(line[0]) && fields.Count > 0)
            {
                // A continuation: suites over several lines, or a key that stands in the entry itself.
                fields[^1] = (fields[^1].Name, fields[^1].Value + "\n" + line);
            }
            else if (line.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon)
            {
                fields.Add((line[..colon], line[(colon + 1)..].Trim()));
            }
        }
    }

    private static string? SourceStanza(List<(string Name, string Value)> fields)
    {
        var types = Value("types").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var isDisabled = Value("enabled").ToLowerInvariant() is "no" or "false" or "0" or "off" or "without" or "disable";
        if (isDisabled || !types.Any(type => type is "deb" or "deb-src"))
        {
            return null;
        }

        var stanza = new StringBuilder("Types: deb-src\n");
        foreach (var (name, value) in fields.Where(field => !FieldsThatDoNotApply.Contains(field.Name.ToLowerInvariant())))
        {
            stanza.Append(name).Append(':').Append(value.StartsWith('\n') ? "" : " ").Append(value).Append('\n');
        }

        return stanza.ToString();

        string Value(string name) => fields.FirstOrDefault(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Value ?? "";
    }
}
