namespace Kiban.Sources;

/// <summary>
/// Rules of bucket names: those of S3 (<see href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html"/>), loose enough for
/// S3-compatible stores, and those of Google (<see href="https://cloud.google.com/storage/docs/buckets#naming"/>).
/// </summary>
internal static class BucketName
{
    private const int LongestWithoutDots = 63;
    private const int LongestWithDots = 222;

    /// <summary>What is wrong with the name, to follow it in a sentence; null when it can be one.</summary>
    public static string? Mistake(SourceScheme scheme, string name)
    {
        if (name.Length == 0)
            return "is empty; a name is wanted";
        var longest = scheme == SourceScheme.Gcs && name.Contains('.') ? LongestWithDots : LongestWithoutDots;
        if (name.Length < 3 || name.Length > longest)
            return $"has {name.Length} characters; 3 to {longest} are wanted";
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('-' or '.' or '_'))
                return $"has the character '{c}'; lower-case letters, digits, dots, hyphens and underscores are wanted";
        }
        return char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1]) ? null : "does not begin and end with a letter or digit";
    }
}
