namespace Kiban.Loader.Stores;

/// <summary>The bytes of one range, as they arrive.</summary>
/// <param name="Content">The body; disposing it gives the connection back, or closes it where bytes are left.</param>
/// <param name="Length">
/// How many bytes the server says will come; equal to what was asked for. −1 where the object's size is not known and the server does not tell it.
/// </param>
internal sealed record RangeBody(Stream Content, long Length) : IDisposable
{
    /// <summary>
    /// Checksums of the whole object that came with the answer. S3 gives them with an object that is read whole in one request, and otherwise only to
    /// <see cref="IObjectStore.DescribeAsync"/>.
    /// </summary>
    public ObjectChecksums Checksums { get; init; } = ObjectChecksums.None;

    /// <inheritdoc/>
    public void Dispose() => Content.Dispose();
}
