using Kiban.ObjectStore.Testing.Buckets;
using Kiban.ObjectStore.Testing.Counting;
using Kiban.ObjectStore.Testing.Faults;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace Kiban.ObjectStore.Testing.Serving;

/// <summary>Sends the bytes of an object, or of a range of it, with what goes wrong on the way.</summary>
internal static class ObjectBody
{
    /// <summary>Sets status, length and range, and sends the body. Other headers are set before.</summary>
    public static async Task SendAsync(ObjectRequest request, StoredObject stored, RequestCounts counts)
    {
        var response = request.Response;
        var range = new ByteRange(0, stored.Length);
        if (request.Http.Headers.Range is [{ } header] && header.StartsWith("bytes=", StringComparison.Ordinal) && !request.Has<FaultAction.IgnoreRange>())
        {
            if (!ByteRange.TryParse(header, stored.Length, out range))
            {
                response.StatusCode = StatusCodes.Status416RangeNotSatisfiable;
                response.Headers.ContentRange = $"bytes */{stored.Length}";
                response.ContentLength = 0;
                return;
            }

            response.StatusCode = StatusCodes.Status206PartialContent;
            response.Headers.ContentRange = $"bytes {range.Offset}-{range.Offset + range.Length - 1}/{stored.Length}";
        }

        var cut = request.Fault<FaultAction.Shorten>();
        response.ContentLength = cut is { PromisesAll: false } ? Math.Min(cut.AtByte, range.Length) : range.Length;
        OverrideHeaders(request);
        if (request.IsHead)
            return;
        await SendAsync(request, stored, range, counts);
    }

    /// <summary>Lets headers be what the faults say.</summary>
    public static void OverrideHeaders(ObjectRequest request)
    {
        foreach (var action in request.Faults)
        {
            if (action is not FaultAction.Header header)
                continue;
            if (header.Value is null)
                request.Response.Headers.Remove(header.Name);
            else
                request.Response.Headers[header.Name] = header.Value;
        }
    }

    /// <summary>Ends the connection at once, so that the client sees a reset.</summary>
    public static void Reset(HttpContext context)
    {
        if (context.Features.Get<IConnectionSocketFeature>() is { } connection)
            connection.Socket.LingerState = new System.Net.Sockets.LingerOption(enable: true, seconds: 0);
        context.Features.GetRequiredFeature<IConnectionLifetimeFeature>().Abort();
    }

    private static async Task SendAsync(ObjectRequest request, StoredObject stored, ByteRange range, RequestCounts counts)
    {
        var writer = request.Response.BodyWriter;
        await request.Response.StartAsync(request.Aborted);
        if (request.Faults.Count == 0)
        {
            await stored.Content.WriteAsync(writer, range.Offset, range.Length, sent => counts.Sent(request.BucketName, request.Key, sent), request.Aborted);
            return;
        }

        var position = 0L;
        var end = Math.Min(range.Length, EndOf(request.Faults));
        var pace = request.Fault<FaultAction.Throttle>() is { } throttle ? new Pace(throttle.BytesPerSecond) : null;
        foreach (var piece in stored.Content.Read(range.Offset, end))
        {
            for (var rest = piece; rest.Length > 0;)
            {
                var part = rest[..Math.Min(rest.Length, pace?.PartSize ?? rest.Length)];
                rest = rest[part.Length..];
                await writer.WriteAsync(Corrupted(request.Faults, part, position), request.Aborted);
                counts.Sent(request.BucketName, request.Key, part.Length);
                position += part.Length;
                if (pace is not null)
                    await pace.WaitAsync(position, request.Aborted);
            }
        }

        await writer.FlushAsync(request.Aborted);
        if (request.Fault<FaultAction.Stall>() is { } stall && stall.AtByte <= position)
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, request.Aborted);
        if (request.Fault<FaultAction.Reset>() is { } reset && reset.AtByte <= position)
            Reset(request.Context);
    }

    private static long EndOf(IReadOnlyList<FaultAction> faults) => faults.Min(action => action switch
    {
        FaultAction.Reset reset => reset.AtByte,
        FaultAction.Stall stall => stall.AtByte,
        FaultAction.Shorten cut => cut.AtByte,
        _ => long.MaxValue,
    });

    private static ReadOnlyMemory<byte> Corrupted(IReadOnlyList<FaultAction> faults, ReadOnlyMemory<byte> part, long position)
    {
        foreach (var action in faults)
        {
            if (action is not FaultAction.Corrupt corrupt || corrupt.AtByte < position || corrupt.AtByte >= position + part.Length)
                continue;
            var copy = part.ToArray();
            copy[corrupt.AtByte - position] ^= 0x55;
            part = copy;
        }

        return part;
    }
}
