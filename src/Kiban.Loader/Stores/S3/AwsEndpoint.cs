namespace Kiban.Loader.Stores.S3;

/// <summary>Addresses of S3 APIs.</summary>
internal static class AwsEndpoint
{
    /// <summary>Reads a configured base address.</summary>
    /// <param name="text">What is written; null gives null.</param>
    /// <param name="where">Where it is written, for the message.</param>
    /// <exception cref="StoreException">It is no such address.</exception>
    public static Uri? Parse(string? text, string where)
    {
        if (text is null)
            return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out var address)
            && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp)
            && address is { UserInfo: "", Query: "", Fragment: "" })
        {
            return address;
        }

        throw new StoreException(StoreFailure.BadCredential, $"The endpoint that {where} names is no address of a server; write https://host:port, without user and query.");
    }

    /// <summary>Amazon's own address of a region (<see href="https://docs.aws.amazon.com/general/latest/gr/s3.html"/>).</summary>
    public static string HostOf(string region) =>
        region.StartsWith("cn-", StringComparison.Ordinal) ? $"s3.{region}.amazonaws.com.cn" : $"s3.{region}.amazonaws.com";
}
