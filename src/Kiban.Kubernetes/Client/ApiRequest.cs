using System.Net.Http.Headers;

namespace Kiban.Kubernetes.Client;

/// <summary>A request before it is sent; a message is made from it for every try.</summary>
internal sealed record ApiRequest(HttpMethod Method, string PathAndQuery)
{
    public byte[]? Body { get; init; }

    public string ContentType { get; init; } = "application/json";

    public string Accept { get; init; } = "application/json";

    public bool IsWatch { get; init; }

    /// <summary>Reads change nothing, so a broken one may be sent again.</summary>
    public bool IsRead => Method == HttpMethod.Get || Method == HttpMethod.Head;

    /// <summary>Method and path, without the query (selectors and tokens are noise in a message).</summary>
    public string Description
    {
        get
        {
            var query = PathAndQuery.IndexOf('?', StringComparison.Ordinal);
            return $"{(IsWatch ? "WATCH" : Method.Method)} {(query < 0 ? PathAndQuery : PathAndQuery[..query])}";
        }
    }

    public HttpRequestMessage ToMessage(Uri server, string userAgent)
    {
        var message = new HttpRequestMessage(Method, ServerPath.Join(server, PathAndQuery))
        {
            Version = System.Net.HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
        };
        message.Headers.TryAddWithoutValidation("Accept", Accept);
        message.Headers.TryAddWithoutValidation("User-Agent", userAgent);
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            message.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(ContentType);
        }

        return message;
    }
}
