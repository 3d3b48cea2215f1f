using System.Xml;

namespace Kiban.Loader.Stores.S3;

/// <summary>The document that comes with a refusal (<see href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html"/>).</summary>
/// <param name="Code">Stable code; empty where no such document came.</param>
/// <param name="Message">For people.</param>
/// <param name="Region">The region that would be right, if it says so.</param>
internal sealed record S3Error(string Code, string Message, string? Region)
{
    /// <summary>Reads it; what is no such document gives an empty one.</summary>
    public static S3Error Read(Stream document)
    {
        var (code, message, region) = ("", "", (string?)null);
        try
        {
            using var reader = XmlReader.Create(document, S3Listing.XmlSettings);
            for (reader.MoveToContent(); !reader.EOF;)
            {
                switch (reader.NodeType == XmlNodeType.Element ? reader.LocalName : "")
                {
                    case "Code":
                        code = reader.ReadElementContentAsString();
                        break;
                    case "Message":
                        message = reader.ReadElementContentAsString();
                        break;
                    case "Region":
                        region = reader.ReadElementContentAsString();
                        break;
                    default:
                        reader.Read();
                        break;
                }
            }
        }
        catch (XmlException)
        {
            // A proxy's page, or nothing at all: the status has to do.
        }

        return new S3Error(code, message, region);
    }
}
