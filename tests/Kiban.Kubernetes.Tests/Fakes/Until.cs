using Microsoft.Extensions.Time.Testing;

namespace Kiban.Kubernetes.Tests.Fakes;

/// <summary>Waits for conditions.</summary>
internal static class Until
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Returns when the condition holds; fails when it does not come to hold.</summary>
    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    /// <summary>The same for a condition that has to be asked for.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(Patience, what);
            await Task.Delay(2, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The same in virtual time, which passes in steps while the condition does not hold.</summary>
    public static Task TrueAsync(FakeTimeProvider time, TimeSpan step, Func<bool> condition, string what) =>
        TrueAsync(
            () =>
            {
                if (condition())
                    return true;
                time.Advance(step);
                return condition();
            },
            what);
}
