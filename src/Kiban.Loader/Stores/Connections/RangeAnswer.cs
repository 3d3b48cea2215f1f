using System.Net;

namespace Kiban.Loader.Stores.Connections;

/// <summary>Whether an answer is what was asked for: that range, of that version, of that size.</summary>
internal static class RangeAnswer
{
    /// <summary>Checks the headers of a successful answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="source">The object as it was listed.</param>
    /// <param name="name">The object's name, for messages.</param>
    /// <param name="offset">First byte that was asked for.</param>
    /// <param name="length">Bytes that were asked for.</param>
    /// <param name="isRange">Whether a range was asked for, not the whole.</param>
    /// <returns>How many bytes will come; −1 where nobody knows.</returns>
    /// <exception cref="StoreException">It is something else.</exception>
    public static long Check(HttpResponseMessage answer, SourceObject source, string name, long offset, long length, bool isRange)
    {
        var wantedStatus = isRange ? HttpStatusCode.PartialContent : HttpStatusCode.OK;
        if (answer.StatusCode != wantedStatus)
            throw Unexpected(name, $"status {(int)answer.StatusCode} came where {(int)wantedStatus} was asked for");
        var announced = answer.Content.Headers.ContentLength;
        if (!isRange)
        {
            if (source.Size is { } size && announced is { } whole && whole != size)
                throw Changed(name, $"it has {whole} bytes and was listed with {size}");
            return source.Size ?? announced ?? -1;
        }

        if (answer.Content.Headers.ContentRange is not { Unit: "bytes", From: { } from, To: { } to } range)
            throw Unexpected(name, "no Content-Range came with a part of it");
        if (range.Length is { } total && source.Size is { } listed && total != listed)
            throw Changed(name, $"it has {total} bytes and was listed with {listed}");
        if (from != offset || to != offset + length - 1)
            throw Unexpected(name, $"bytes {from}-{to} came where {offset}-{offset + length - 1} were asked for");
        return announced is null || announced == length ? length : throw Unexpected(name, $"{announced} bytes are announced where {length} were asked for");
    }

    /// <summary>Checks that the answer is of the version that was listed, where it says so: not every server looks at conditions.</summary>
    /// <exception cref="StoreException">It is of another.</exception>
    public static void CheckETag(HttpResponseMessage answer, SourceObject source, string name)
    {
        if (source.Version is { } version && answer.Headers.NonValidated.TryGetValues("ETag", out var values) && Plain(values.ToString()) != Plain(version))
            throw Changed(name, $"its version is {values} and was listed as {version}");
    }

    /// <summary>The object is not what was listed.</summary>
    public static StoreException Changed(string name, string how) => new(StoreFailure.Changed, $"{name} has changed since it was listed: {how}.");

    /// <summary>Without its quotes, which some stores leave out, and its mark of weakness, which some proxies add.</summary>
    private static string Plain(string etag) => (etag.StartsWith("W/", StringComparison.Ordinal) ? etag[2..] : etag).Trim('"');

    private static StoreException Unexpected(string name, string how) => new(StoreFailure.Unavailable, $"{name} was not given as asked: {how}.");
}
