namespace Kiban.Loader.Stores;

/// <summary>The bytes of one range, as they arrive.</summary>
/// <param name="Content">The body; disposing it gives the connection back, or closes it where bytes are left.</param>
/// <param name="Length">How many bytes the server says will come; equal to what was asked for.</param>
internal sealed record RangeBody(Stream Content, long Length) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Content.Dispose();
}
