using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json;
using Kiban.Kubernetes.Observability;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Kiban.Kubernetes.Admission;

/// <summary>
/// Serves one handler. What comes back as an AdmissionReview is an answer; what comes back as an HTTP error is none, and the
/// webhook's <c>failurePolicy</c> decides: so requests that are no reviews, and deadlines that pass, are HTTP errors.
/// </summary>
internal sealed class AdmissionEndpoint(
    IAdmissionHandler handler, AdmissionOptions options, AdmissionDrain drain, WebhookRecorder metrics, TimeProvider time, ILogger logger)
{
    private readonly AdmissionWebhook _webhook = handler.Webhook;
    private readonly HashSet<string> _excludedNamespaces = [.. options.ExcludedNamespaces];

    public async Task HandleAsync(HttpContext context)
    {
        if (!context.Request.IsHttps)
        {
            // The same routes exist on the port for metrics and probes; reviews come over TLS or not at all.
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var started = time.GetTimestamp();
        metrics.Started();
        if (drain.IsDraining)
            context.Response.Headers.Connection = "close";
        try
        {
            await AnswerAsync(context, started);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            if (!context.Response.HasStarted)
                context.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
        }
        finally
        {
            metrics.Finished(context.Response.StatusCode, time.GetElapsedTime(started));
        }
    }

    private async Task AnswerAsync(HttpContext context, long started)
    {
        if (!context.Request.HasJsonContentType())
        {
            await RejectAsync(context, StatusCodes.Status415UnsupportedMediaType, "The content type must be application/json.");
            return;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = AdmissionOptions.MaxReviewBytes;
        ReadOnlySequence<byte> body;
        try
        {
            body = await ReadAsync(context.Request.BodyReader, context.RequestAborted);
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            await RejectAsync(context, tooLarge.StatusCode, $"A review may have {AdmissionOptions.MaxReviewBytes} bytes.");
            return;
        }

        // The document reads the very bytes that were received, so they are released only after the answer is written.
        try
        {
            using var review = AdmissionReview.Parse(body);
            await ReviewAsync(context, review, started);
        }
        catch (JsonException invalid)
        {
            // The exception's text may quote the body.
            await RejectAsync(context, StatusCodes.Status400BadRequest,
                $"The body is no JSON that can be accepted (line {invalid.LineNumber}, byte {invalid.BytePositionInLine}): malformed, nested too deeply, or with a property twice in one object.");
        }
        catch (FormatException invalid)
        {
            await RejectAsync(context, StatusCodes.Status400BadRequest, invalid.Message);
        }
        finally
        {
            context.Request.BodyReader.AdvanceTo(body.End);
        }
    }

    private async Task ReviewAsync(HttpContext context, AdmissionReview review, long started)
    {
        var request = review.Request;
        AdmissionResponse? response;
        if (request.Namespace is { } @namespace && _excludedNamespaces.Contains(@namespace))
            response = AdmissionResponse.Allow();
        else
            response = await HandleAsync(context, request);
        if (response is null)
        {
            await RejectAsync(context, StatusCodes.Status504GatewayTimeout, "The handler did not answer in time.");
            return;
        }

        var answer = new ArrayBufferWriter<byte>(1024);
        int operations;
        try
        {
            operations = review.WriteResponse(answer, response, _webhook.Mutating);
        }
        catch (Exception failure)
        {
            // A handler may leave an object that cannot be written (such as text that is no valid Unicode).
            response = Failed(request, failure);
            answer.ResetWrittenCount();
            operations = review.WriteResponse(answer, response, mutating: false);
        }

        Log(request, response, operations, time.GetElapsedTime(started));
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = answer.WrittenCount;
        await context.Response.Body.WriteAsync(answer.WrittenMemory, context.RequestAborted);
    }

    /// <summary>Null when the deadline passed.</summary>
    private async ValueTask<AdmissionResponse?> HandleAsync(HttpContext context, AdmissionRequest request)
    {
        var deadline = Deadline(context.Request);
        using var timeout = new CancellationTokenSource(deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        try
        {
            return await handler.HandleAsync(request, either.Token);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            logger.DeadlinePassed(_webhook.Path, request.Uid, request.Kind, request.Namespace, request.Name, deadline);
            return null;
        }
        catch (Exception failure)
        {
            return Failed(request, failure);
        }
    }

    private AdmissionResponse Failed(AdmissionRequest request, Exception failure)
    {
        metrics.Panicked();
        // Not the exception's message: it may quote what the handler was reading.
        logger.HandlerFailed(
            _webhook.Path, request.Uid, request.Kind, request.Namespace, request.Name, failure.GetType().Name, failure.StackTrace);
        return AdmissionResponse.InternalError(
            $"The webhook {_webhook.Path} failed on {request.Kind} {request.Namespace}/{request.Name ?? "(new)"}; the manager's log has more under review {request.Uid}.");
    }

    /// <summary>A little less than the API server waits, so that our word arrives before it gives up.</summary>
    private static TimeSpan Deadline(HttpRequest request)
    {
        var timeout = GoDuration.Parse(request.Query["timeout"].ToString()) ?? TimeSpan.FromSeconds(10);
        return timeout - TimeSpan.FromMilliseconds(Math.Min(250, timeout.TotalMilliseconds / 10));
    }

    private static async ValueTask<ReadOnlySequence<byte>> ReadAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            var result = await reader.ReadAsync(cancellationToken);
            if (result.Buffer.Length > AdmissionOptions.MaxReviewBytes)
            {
                reader.AdvanceTo(result.Buffer.End);
                throw new BadHttpRequestException("too large", StatusCodes.Status413PayloadTooLarge);
            }

            if (result.IsCompleted)
                return result.Buffer;
            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    private void Log(AdmissionRequest request, AdmissionResponse response, int operations, TimeSpan elapsed)
    {
        if (!response.Allowed)
        {
            logger.Refused(
                _webhook.Path, request.Operation, request.Kind, request.Namespace, request.Name, request.Username, request.Uid,
                response.Code, response.Message);
        }
        else if (logger.IsEnabled(LogLevel.Debug))
        {
            logger.Allowed(
                _webhook.Path, request.Operation, request.Kind, request.Namespace, request.Name, request.Username, request.Uid,
                operations, elapsed.TotalMilliseconds);
        }
    }

    private async Task RejectAsync(HttpContext context, int code, string problem)
    {
        logger.BadRequest(_webhook.Path, code, problem);
        context.Response.StatusCode = code;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(problem), context.RequestAborted);
    }
}
