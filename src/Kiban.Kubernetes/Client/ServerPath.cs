namespace Kiban.Kubernetes.Client;

/// <summary>Joins a server's address, which may itself have a path (an API server behind a gateway), with a request's path.</summary>
internal static class ServerPath
{
    public static Uri Join(Uri server, string pathAndQuery) =>
        new(server.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/" + pathAndQuery.TrimStart('/'));
}
