using System.Globalization;
using System.Xml;
using Kiban.Loader.Stores.Listing;

namespace Kiban.Loader.Stores.S3;

/// <summary>
/// Reads a page of a listing (<see href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html"/>, and version 1 of it, which some
/// servers have instead).
/// </summary>
internal static class S3Listing
{
    /// <summary>For documents of servers: nothing is fetched or expanded.</summary>
    public static XmlReaderSettings XmlSettings { get; } = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreWhitespace = true,
        IgnoreComments = true,
        CheckCharacters = false,
    };

    /// <summary>The page in a document.</summary>
    /// <param name="document">The document.</param>
    /// <param name="bucket">Name of the bucket, for messages.</param>
    /// <param name="isVersion1">Whether version 1 was asked for.</param>
    /// <exception cref="StoreException">
    /// It is no such document, or is cut off (<see cref="StoreFailure.Unavailable"/>), or is of version 1 where 2 was asked for
    /// (<see cref="StoreFailure.Unsupported"/>).
    /// </exception>
    public static BucketPage Read(Stream document, string bucket, bool isVersion1)
    {
        try
        {
            using var reader = XmlReader.Create(document, XmlSettings);
            reader.MoveToContent();
            return reader.LocalName == "ListBucketResult"
                ? ReadPage(reader, bucket, isVersion1)
                : throw new StoreException(StoreFailure.Unavailable, $"A listing of s3://{bucket}/ came that is none: its element is '{reader.LocalName}'.");
        }
        catch (Exception e) when (e is XmlException or FormatException or OverflowException)
        {
            throw new StoreException(StoreFailure.Unavailable, $"A listing of s3://{bucket}/ came that cannot be read.", inner: e);
        }
    }

    private static BucketPage ReadPage(XmlReader reader, string bucket, bool isVersion1)
    {
        var objects = new List<SourceObject>();
        var prefixes = new List<string>();
        var (isTruncated, isEncoded) = (false, false);
        var (nextToken, nextMarker) = ((string?)null, (string?)null);
        reader.Read();
        while (reader.NodeType == XmlNodeType.Element)
        {
            switch (reader.LocalName)
            {
                case "Contents":
                    objects.Add(ReadObject(reader));
                    break;
                case "CommonPrefixes":
                    ReadChildren(reader, name =>
                    {
                        if (name == "Prefix")
                            prefixes.Add(reader.ReadElementContentAsString());
                        else
                            reader.Skip();
                    });
                    break;
                case "IsTruncated":
                    isTruncated = reader.ReadElementContentAsString() is "true" or "True" or "TRUE";
                    break;
                case "EncodingType":
                    isEncoded = reader.ReadElementContentAsString() == "url";
                    break;
                case "NextContinuationToken":
                    nextToken = reader.ReadElementContentAsString();
                    break;
                case "NextMarker":
                    nextMarker = reader.ReadElementContentAsString();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (isEncoded)
        {
            for (var i = 0; i < objects.Count; i++)
            {
                var key = Decode(objects[i].Key);
                if (!ReferenceEquals(key, objects[i].Key))
                    objects[i] = objects[i] with { Key = key, RelativePath = key };
            }

            prefixes = [.. prefixes.Select(Decode)];
            nextMarker = nextMarker is null ? null : Decode(nextMarker);
        }

        if (!isTruncated)
            return new BucketPage(objects, prefixes, null);

        // Version 1 without roll-up names no next marker: the last key is it. Objects would be missing where nothing tells how to go on.
        var next = isVersion1 ? nextMarker ?? objects.LastOrDefault()?.Key : nextToken;
        return string.IsNullOrEmpty(next)
            ? throw new StoreException(
                isVersion1 ? StoreFailure.Unavailable : StoreFailure.Unsupported, $"A listing of s3://{bucket}/ says that there is more, and not how to get it.")
            : new BucketPage(objects, prefixes, next);
    }

    private static SourceObject ReadObject(XmlReader reader)
    {
        var (key, etag, size, changed) = ("", (string?)null, 0L, (DateTimeOffset?)null);
        ReadChildren(reader, name =>
        {
            switch (name)
            {
                case "Key":
                    key = reader.ReadElementContentAsString();
                    break;
                case "ETag":
                    etag = reader.ReadElementContentAsString();
                    break;
                case "Size":
                    size = long.Parse(reader.ReadElementContentAsString(), NumberStyles.None, CultureInfo.InvariantCulture);
                    break;
                case "LastModified":
                    changed = DateTimeOffset.Parse(reader.ReadElementContentAsString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        });
        return new SourceObject
        {
            Key = key,
            RelativePath = key,
            Size = size,
            Version = string.IsNullOrEmpty(etag) ? null : etag[0] == '"' ? etag : $"\"{etag}\"",
            LastModified = changed,
        };
    }

    private static void ReadChildren(XmlReader reader, Action<string> read)
    {
        var isEmpty = reader.IsEmptyElement;
        reader.Read();
        if (isEmpty)
            return;
        while (reader.NodeType == XmlNodeType.Element)
            read(reader.LocalName);
        reader.ReadEndElement();
    }

    /// <summary>Undoes <c>encoding-type=url</c>, which writes a space as a plus.</summary>
    private static string Decode(string text) => text.AsSpan().IndexOfAny('%', '+') < 0 ? text : Uri.UnescapeDataString(text.Replace('+', ' '));
}
