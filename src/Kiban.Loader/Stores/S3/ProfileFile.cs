namespace Kiban.Loader.Stores.S3;

/// <summary>AWS's configuration files: sections in brackets with <c>name = value</c> lines; deeper lines belong to settings that are not read here.</summary>
internal static class ProfileFile
{
    /// <summary>Settings of one section.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Section(string text, string section)
    {
        var isInside = false;
        foreach (var line in text.Split('\n'))
        {
            var content = line.TrimEnd();
            if (content.Length == 0 || content[0] is '#' or ';')
                continue;
            if (content[0] == '[')
            {
                isInside = content.Trim('[', ']', ' ', '\t') == section;
                continue;
            }

            if (isInside && !char.IsWhiteSpace(content[0]) && content.IndexOf('=', StringComparison.Ordinal) is > 0 and var mark)
                yield return KeyValuePair.Create(content[..mark].Trim(), content[(mark + 1)..].Trim());
        }
    }
}
