using System.Net;
using System.Net.Http.Headers;
using Kiban.Loader.Stores.Connections;

namespace Kiban.Loader.Stores.S3;

/// <summary>
/// Sends requests to one bucket: finds its address, signs, and tries again at once where that can help — in the region that the store names, with the
/// clock that it has, and once with a key that is read anew. Safe for use by many tasks at once.
/// </summary>
internal sealed class S3Client(string bucket, IAwsSettingsSource source, StoreOptions options, StoreConnections connections)
{
    private const string DefaultRegion = "us-east-1";

    /// <summary>Each reason for another try at once can come up once, the region twice.</summary>
    private const int MostTries = 6;

    private readonly SigV4 _signer = new();
    private volatile string? _region;
    private long _clockOffsetTicks;

    /// <summary>Sends a request until it is answered well, and gives the answer when its headers are there.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="StoreException">It is refused.</exception>
    public async Task<HttpResponseMessage> SendAsync(S3Request request, CancellationToken cancellationToken)
    {
        var settings = source.Read();
        var (wasReadAgain, clockWasSet) = (false, false);
        for (var tries = 1; ; tries++)
        {
            connections.Trust(settings.CertificateBundle);
            var region = _region ?? settings.Region ?? DefaultRegion;
            using var message = CreateMessage(request, settings, region);
            var answer = await connections.SendAsync(message, cancellationToken);
            if (answer.IsSuccessStatusCode)
                return answer;
            using var refusal = answer;
            var error = request.Method == HttpMethod.Head
                ? new S3Error("", "", null)
                : S3Error.Read(await connections.ReadDocumentAsync(message, answer, cancellationToken));
            if (tries < MostTries)
            {
                if (RegionOf(answer, error) is { } other && other != region)
                {
                    _region = other;
                    continue;
                }

                if (error.Code == "RequestTimeTooSkewed" && !clockWasSet && answer.Headers.Date is { } date)
                {
                    clockWasSet = true;
                    Volatile.Write(ref _clockOffsetTicks, (date - options.Time.GetUtcNow()).Ticks);
                    continue;
                }

                if (settings.Credential is not null && !wasReadAgain && S3Failures.IsOfCredential(answer.StatusCode, error.Code))
                {
                    wasReadAgain = true;
                    settings = source.ReadAgain();
                    continue;
                }
            }

            throw S3Failures.Of(answer.StatusCode, error, request, NameOf(request.Key), settings.Origin, connections.RetryAfter(answer));
        }
    }

    /// <summary>Reads an answer that is a document.</summary>
    public async Task<MemoryStream> ReadDocumentAsync(S3Request request, CancellationToken cancellationToken)
    {
        using var answer = await SendAsync(request, cancellationToken);
        return await connections.ReadDocumentAsync(answer.RequestMessage!, answer, cancellationToken);
    }

    /// <summary>What a key is called in messages.</summary>
    public string NameOf(string key) => $"s3://{bucket}/{key}";

    private HttpRequestMessage CreateMessage(S3Request request, AwsSettings settings, string region)
    {
        var message = new HttpRequestMessage(request.Method, ExactUri.Create(AddressOf(request, settings, region)));
        if (request.Range is { } range)
            message.Headers.Range = new RangeHeaderValue(range.Offset, range.Offset + range.Length - 1);
        if (request.IfMatch is { } version)
            message.Headers.TryAddWithoutValidation("If-Match", version);
        if (request.WantsChecksums)
            message.Headers.Add("x-amz-checksum-mode", "ENABLED");
        if (settings.Credential is { } credential)
            _signer.Sign(message, credential, region, options.Time.GetUtcNow().AddTicks(Volatile.Read(ref _clockOffsetTicks)));
        return message;
    }

    /// <summary>
    /// The bucket stands in the path where the server is not Amazon's, or where its dots would not fit the certificate
    /// (<see href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html"/>).
    /// </summary>
    private string AddressOf(S3Request request, AwsSettings settings, string region)
    {
        var start = (options.S3Endpoint ?? settings.Endpoint) is { } endpoint
            ? $"{endpoint.AbsoluteUri.TrimEnd('/')}/{bucket}"
            : bucket.AsSpan().IndexOfAny('.', '_') >= 0
                ? $"https://{AwsEndpoint.HostOf(region)}/{bucket}"
                : $"https://{bucket}.{AwsEndpoint.HostOf(region)}";
        return request.Query.Length == 0 ? $"{start}/{KeyEncoding.Encode(request.Key)}" : $"{start}/{KeyEncoding.Encode(request.Key)}?{request.Query}";
    }

    private static string? RegionOf(HttpResponseMessage answer, S3Error error)
    {
        if (answer.StatusCode is not (HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect or HttpStatusCode.BadRequest or HttpStatusCode.Forbidden))
            return null;
        var region = answer.Headers.NonValidated.TryGetValues("x-amz-bucket-region", out var values) ? values.ToString() : error.Region;

        // It becomes part of a host name.
        return region is { Length: > 0 and < 64 } && region.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') ? region : null;
    }
}
