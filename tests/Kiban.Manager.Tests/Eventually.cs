namespace Kiban.Manager.Tests;

/// <summary>Waits for conditions of other processes.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Returns once the condition holds.</summary>
    /// <exception cref="TimeoutException">It never did.</exception>
    public static async Task BecomesTrueAsync(string what, Func<Task<bool>> condition)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        while (!await condition())
        {
            try
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, patience.Token);
            }
            catch (OperationCanceledException) when (!TestContext.Current.CancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Waited in vain: {what}.");
            }
        }
    }
}
