using System.Buffers;
using System.Net;
using System.Text;
using System.Text.Json;
using k8s.Models;

namespace Kiban.Kubernetes.Client;

/// <summary>Turns an answer that is no success into a <see cref="KubernetesException"/>.</summary>
internal static class FailedResponse
{
    private const int LongestBody = 64 * 1024;
    private const int LongestText = 300;

    public static async Task<KubernetesException> ReadAsync(HttpResponseMessage response, string request, CancellationToken cancellationToken)
    {
        // Rented, for "not found" is an everyday answer.
        var body = ArrayPool<byte>.Shared.Rent(LongestBody);
        V1Status? status;
        try
        {
            status = Parse(body.AsSpan(0, await ReadStartAsync(response, body, cancellationToken)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(body);
        }

        return new KubernetesException(response.StatusCode, status, request) { RetryAfter = RetryAfter(response) ?? RetryAfter(status) };
    }

    public static KubernetesException Of(V1Status status, string request) =>
        new((HttpStatusCode)(status.Code ?? 500), status, request) { RetryAfter = RetryAfter(status) };

    /// <summary>The <c>Retry-After</c> header in seconds, the only form the API server sends; null where absent or a date.</summary>
    public static TimeSpan? RetryAfter(HttpResponseMessage response) => response.Headers.RetryAfter?.Delta;

    private static TimeSpan? RetryAfter(V1Status? status) =>
        status?.Details?.RetryAfterSeconds is { } seconds and > 0 ? TimeSpan.FromSeconds(seconds) : null;

    private static V1Status? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            if (JsonSerializer.Deserialize<V1Status>(body, KubernetesJsonOptions.Default) is { Kind: "Status" } status)
            {
                return status;
            }
        }
        catch (Exception e) when (e is JsonException or NotSupportedException or InvalidOperationException)
        {
            // A proxy or an aggregated server answers in its own words: the beginning of them is kept below.
        }

        var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, LongestText)]).Trim();
        return text.Length == 0 ? null : new V1Status { Message = text };
    }

    private static async Task<int> ReadStartAsync(HttpResponseMessage response, byte[] buffer, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            return 0;
        }
    }
}
