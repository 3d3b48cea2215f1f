using System.Diagnostics;
using System.Net;
using Kiban.Kubernetes.Observability;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Client;

/// <summary>Sends requests to the API server: rate limit, time-out, retries, errors. Knows nothing of kinds.</summary>
internal sealed partial class ApiTransport(HttpClient http, Uri server, KubernetesClientOptions options)
{
    private readonly ILogger _logger = options.Logger;

    public Uri Server { get; } = server;

    /// <summary>
    /// The answer, its headers read and its body still streaming; only a success is returned.
    /// </summary>
    /// <exception cref="KubernetesException">The server answered with a failure.</exception>
    /// <exception cref="HttpRequestException">There was no answer.</exception>
    /// <exception cref="TimeoutException">The answer did not begin within <see cref="KubernetesClientOptions.RequestTimeout"/>.</exception>
    public async Task<HttpResponseMessage> SendAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        for (var retry = 0; ; retry++)
        {
            var (response, failure) = await TryAsync(request, cancellationToken);
            if (response is { IsSuccessStatusCode: true })
            {
                return response;
            }

            if (response is not null)
            {
                using (response)
                {
                    failure = await FailedResponse.ReadAsync(response, request.Description, cancellationToken);
                }
            }

            if (DelayBeforeRetry(request, failure!, retry) is not { } delay)
            {
                throw failure!;
            }

            LogRetry(request.Description, failure!.Message, delay, retry + 1);
            await Task.Delay(delay, options.Time, cancellationToken);
        }
    }

    private async Task<(HttpResponseMessage? Response, Exception? Failure)> TryAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (options.RateLimiter is { } limiter)
        {
            using var lease = await limiter.AcquireAsync(1, cancellationToken);
            if (!lease.IsAcquired)
            {
                throw new HttpRequestException($"{request.Description}: the client's own rate limiter let no request through; its queue is full.");
            }
        }

        using var activity = KibanActivitySources.Client.StartActivity(request.Description, ActivityKind.Client);
        activity?.SetTag("http.request.method", request.Method.Method).SetTag("server.address", Server.Host).SetTag("server.port", Server.Port);
        var started = options.Time.GetTimestamp();
        using var message = request.ToMessage(Server, options.UserAgent);
        using var timeout = new CancellationTokenSource(options.RequestTimeout, options.Time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            var response = await http.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, linked.Token);
            Record((int)response.StatusCode);
            return (response, null);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            Record(null);
            throw new TimeoutException($"{request.Description}: no answer within {options.RequestTimeout.TotalSeconds:0.#} s.", e);
        }
        catch (HttpRequestException e)
        {
            Record(null);
            return (null, Describe(e, request));
        }

        void Record(int? code)
        {
            options.Metrics?.Record(request.Method.Method, Server.Authority, code, options.Time.GetElapsedTime(started));
            activity?.SetTag("http.response.status_code", code).SetStatus(code is null or >= 400 ? ActivityStatusCode.Error : ActivityStatusCode.Unset);
        }
    }

    /// <summary>The same failure with the request and the true cause in its message ("see inner exception" helps nobody in a log).</summary>
    private static HttpRequestException Describe(HttpRequestException failure, ApiRequest request)
    {
        Exception cause = failure;
        while (cause.InnerException is not null)
        {
            cause = cause.InnerException;
        }

        return new HttpRequestException(failure.HttpRequestError, $"{request.Description}: {cause.Message}", failure, failure.StatusCode);
    }

    private TimeSpan? DelayBeforeRetry(ApiRequest request, Exception failure, int retry)
    {
        var retries = options.Retries;
        if (retry >= retries.MaxRetries)
        {
            return null;
        }

        // Doubling, with up to a fifth more, so that many clients do not come back together.
        var backOff = retries.BaseDelay * Math.Pow(2, retry) * (1 + (Random.Shared.NextDouble() / 5));
        TimeSpan? delay = failure switch
        {
            KubernetesException { Code: HttpStatusCode.TooManyRequests, RetryAfter: { } asked } => asked,
            KubernetesException { Code: HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout } e when request.IsRead => e.RetryAfter ?? backOff,
            HttpRequestException e when request.IsRead && IsBrokenConnection(e) => backOff,
            _ => null,
        };
        return delay > retries.MaxDelay ? null : delay;
    }

    /// <summary>There was a connection, and it broke: a restart or a fail-over. One that cannot be made is told at once.</summary>
    private static bool IsBrokenConnection(HttpRequestException failure) => failure switch
    {
        { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.HttpProtocolError } => true,
        { HttpRequestError: HttpRequestError.Unknown, InnerException: HttpRequestException or IOException } => true,
        _ => false,
    };

    [LoggerMessage(EventId = 100, Level = LogLevel.Debug, Message = "{Request} is sent again in {Delay} (retry {Retry}): {Reason}")]
    private partial void LogRetry(string request, string reason, TimeSpan delay, int retry);
}
