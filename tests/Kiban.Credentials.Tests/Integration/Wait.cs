namespace Kiban.Credentials.Tests.Integration;

internal static class Wait
{
    /// <summary>Waits for a condition that becomes true by itself.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
    }
}
