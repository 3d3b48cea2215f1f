using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Kiban.Loader.Stores.Connections;

namespace Kiban.Loader.Stores.Google;

/// <summary>
/// Sends requests to one bucket by the JSON API (<see href="https://cloud.google.com/storage/docs/json_api/v1"/>), and once again at once where a token
/// is refused, or where the bucket's requesters pay and a project is known. Safe for use by many tasks at once.
/// </summary>
internal sealed class GoogleClient(
    string bucket,
    StoreOptions options,
    StoreConnections connections,
    GoogleAuthorization? authorization,
    GoogleCredentialPlace? place)
{
    private static readonly Uri Google = new("https://storage.googleapis.com/");

    private readonly string _base = $"{(options.GoogleEndpoint ?? Google).AbsoluteUri.TrimEnd('/')}/storage/v1/b/{KeyEncoding.EncodeValue(bucket)}/o";
    private volatile string? _payer = options.RequesterPaysProject;

    /// <summary>Sends a request until it is answered well, and gives the answer when its headers are there.</summary>
    /// <param name="key">Key; empty for the bucket's listing.</param>
    /// <param name="query">Query, encoded.</param>
    /// <param name="range">Range; null for the whole.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreException">It is refused.</exception>
    public async Task<HttpResponseMessage> SendAsync(string key, string query, RangeHeaderValue? range, CancellationToken cancellationToken)
    {
        for (var wasRefused = false; ;)
        {
            var payer = _payer;
            var token = authorization is null ? null : await authorization.TokenAsync(cancellationToken);
            using var message = CreateMessage(key, query, range, payer, token);
            var answer = await connections.SendAsync(message, cancellationToken);
            if (answer.IsSuccessStatusCode)
                return answer;
            using var refusal = answer;
            var error = Read(await connections.ReadDocumentAsync(message, answer, cancellationToken));
            if (token is not null && !wasRefused && GoogleFailures.IsOfCredential(answer.StatusCode, error))
            {
                wasRefused = true;
                authorization!.Forget(token);
                continue;
            }

            if (payer is null && GoogleFailures.AsksForPayer(answer.StatusCode, error) && place?.Project is { } project)
            {
                _payer = project;
                continue;
            }

            throw GoogleFailures.Of(answer.StatusCode, error, key.Length > 0, NameOf(key), place?.Origin ?? "no credential", connections.RetryAfter(answer));
        }
    }

    /// <summary>Reads an answer that is a document.</summary>
    public async Task<MemoryStream> ReadDocumentAsync(string query, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync("", query, null, cancellationToken);
        return await connections.ReadDocumentAsync(answer.RequestMessage!, answer, cancellationToken);
    }

    /// <summary>What a key is called in messages.</summary>
    public string NameOf(string key) => $"gs://{bucket}/{key}";

    private HttpRequestMessage CreateMessage(string key, string query, RangeHeaderValue? range, string? payer, string? token)
    {
        var address = $"{(key.Length == 0 ? _base : $"{_base}/{KeyEncoding.EncodeValue(key)}")}?{query}{(payer is null ? "" : $"&userProject={KeyEncoding.EncodeValue(payer)}")}";
        var message = new HttpRequestMessage(HttpMethod.Get, ExactUri.Create(address));
        message.Headers.Range = range;
        if (token is not null)
            message.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);

        // Objects stored with gzip are unpacked on the way for clients that do not name it, and then fit neither their size nor their checksums.
        if (key.Length > 0)
            message.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");
        return message;
    }

    private static ErrorAnswer Read(Stream document)
    {
        try
        {
            return JsonSerializer.Deserialize(document, GoogleJson.Default.ErrorAnswer) ?? new ErrorAnswer();
        }
        catch (JsonException)
        {
            // Plain words, as downloads have them: the status has to do.
            return new ErrorAnswer();
        }
    }
}
