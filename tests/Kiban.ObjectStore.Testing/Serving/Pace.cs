namespace Kiban.ObjectStore.Testing.Serving;

/// <summary>Holds a body to a number of bytes a second.</summary>
internal sealed class Pace(long bytesPerSecond)
{
    private readonly long _start = TimeProvider.System.GetTimestamp();

    /// <summary>Bytes to send at once: those of a fiftieth of a second.</summary>
    public int PartSize { get; } = (int)Math.Clamp(bytesPerSecond / 50, 1, 64 * 1024);

    public async Task WaitAsync(long sent, CancellationToken cancellationToken)
    {
        var due = TimeSpan.FromSeconds((double)sent / bytesPerSecond);
        var early = due - TimeProvider.System.GetElapsedTime(_start);
        if (early > TimeSpan.FromMilliseconds(1))
            await Task.Delay(early, TimeProvider.System, cancellationToken);
    }
}
