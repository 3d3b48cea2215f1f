using System.Diagnostics.CodeAnalysis;

namespace Kiban.Sources;

/// <summary>
/// Where data comes from: <c>s3://bucket/prefix/</c>, <c>gs://bucket/prefix/</c> or <c>https://host/file</c>. In bucket addresses a trailing
/// slash means everything below that prefix; without one it is the object of just that key, or else everything below <c>key/</c>. Characters
/// that an address cannot hold (white space, <c>%</c> itself) are percent-encoded.
/// </summary>
public sealed record SourceUri
{
    private SourceUri(SourceScheme scheme, string container, string key, Uri? address)
    {
        Scheme = scheme;
        Container = container;
        Key = key;
        Address = address;
    }

    /// <summary>How it is reached.</summary>
    public SourceScheme Scheme { get; }

    /// <summary>Bucket; for a web server host and port.</summary>
    public string Container { get; }

    /// <summary>Key or prefix, percent-decoded, without a leading slash; empty for a whole bucket.</summary>
    public string Key { get; }

    /// <summary>The address of a file on a web server; null for buckets.</summary>
    public Uri? Address { get; }

    /// <summary>Whether it names everything below <see cref="Key"/>, not one object.</summary>
    public bool IsTree => Scheme != SourceScheme.Web && (Key.Length == 0 || Key.EndsWith('/'));

    /// <summary>One spelling for equal sources.</summary>
    public string Canonical => Scheme switch
    {
        SourceScheme.S3 => $"s3://{Container}/{Encoded(Key)}",
        SourceScheme.Gcs => $"gs://{Container}/{Encoded(Key)}",
        _ => Address!.AbsoluteUri,
    };

    /// <summary>Reads an address, or says in one sentence what is wrong with it and what would be right.</summary>
    /// <param name="text">What somebody wrote.</param>
    /// <param name="source">The source.</param>
    /// <param name="mistake">The sentence, without a full stop, to follow the name of the field.</param>
    /// <param name="allowHttp">Whether <c>http://</c> is taken, which nothing protects on its way.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out SourceUri? source, [NotNullWhen(false)] out string? mistake, bool allowHttp = false)
    {
        source = null;
        var separator = text.IndexOf("://", StringComparison.Ordinal);
        var scheme = separator < 0 ? "" : text[..separator].ToLowerInvariant();
        switch (scheme)
        {
            case "s3":
                return TryParseBucket(SourceScheme.S3, text, separator + 3, out source, out mistake);
            case "gs":
                return TryParseBucket(SourceScheme.Gcs, text, separator + 3, out source, out mistake);
            case "https":
                return TryParseWeb(text, out source, out mistake);
            case "http" when allowHttp:
                return TryParseWeb(text, out source, out mistake);
            case "http":
                mistake = $"is \"{Shown(text)}\", which nothing protects on its way; https:// is wanted";
                return false;
            default:
                mistake = $"is \"{Shown(text)}\"; an address such as s3://bucket/prefix/, gs://bucket/prefix/ or https://host/file is wanted";
                return false;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Canonical;

    private static bool TryParseBucket(
        SourceScheme scheme, string text, int start, [NotNullWhen(true)] out SourceUri? source, [NotNullWhen(false)] out string? mistake)
    {
        source = null;
        var slash = text.IndexOf('/', start);
        var bucket = slash < 0 ? text[start..] : text[start..slash];
        if (BucketName.Mistake(scheme, bucket) is { } wrong)
        {
            mistake = $"is \"{Shown(text)}\", whose bucket name {wrong}";
            return false;
        }

        var rest = slash < 0 ? "" : text[(slash + 1)..];
        if (rest.AsSpan().IndexOfAny('?', '#') >= 0)
        {
            mistake = $"is \"{Shown(text)}\"; a ? or # in a key is written %3F or %23, and versions cannot be named";
            return false;
        }

        if (!PercentEncoding.TryDecode(rest, out var key))
        {
            mistake = $"is \"{Shown(text)}\"; a % is followed by two hexadecimal digits, and a % in a key is written %25";
            return false;
        }

        source = new SourceUri(scheme, bucket, key, null);
        mistake = null;
        return true;
    }

    private static bool TryParseWeb(string text, [NotNullWhen(true)] out SourceUri? source, [NotNullWhen(false)] out string? mistake)
    {
        source = null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Host.Length == 0)
        {
            mistake = $"is \"{Shown(text)}\", which is no web address; one such as https://host/file is wanted";
            return false;
        }

        if (address.UserInfo.Length > 0)
        {
            mistake = $"is an address of {address.Host} with a user name in it; everybody who can read the annotation could read a password there";
            return false;
        }

        if (address.Fragment.Length > 0)
        {
            mistake = $"is \"{Shown(text)}\"; the part after # never reaches a server, leave it out";
            return false;
        }

        // A signed address carries its secret in the query.
        if (address.Query.Length > 0)
        {
            mistake = $"is an address of {address.Host} with a query (?…), which may hold a secret; name the bucket, with credentials, or a plain file";
            return false;
        }

        if (address.AbsolutePath.EndsWith('/'))
        {
            mistake = $"is \"{Shown(text)}\"; web servers do not list, so it must name a file";
            return false;
        }

        source = new SourceUri(SourceScheme.Web, address.Authority, Uri.UnescapeDataString(address.AbsolutePath[1..]), address);
        mistake = null;
        return true;
    }

    private static string Encoded(string key) => string.Join('/', key.Split('/').Select(Uri.EscapeDataString));

    // What may be a secret stays out of messages: a user name and password, and everything from the query on.
    private static string Shown(string text)
    {
        var start = text.IndexOf("://", StringComparison.Ordinal) is >= 0 and var scheme ? scheme + 3 : 0;
        var end = text.IndexOfAny(['/', '?', '#'], start);
        if (text.AsSpan(start, (end < 0 ? text.Length : end) - start).Contains('@'))
            return $"{text[..start]}…";
        var query = text.IndexOfAny(['?', '#'], start);
        return query < 0 ? text : $"{text[..(query + 1)]}…";
    }
}
