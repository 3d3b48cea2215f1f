
namespace Kiban.EndToEnd.Cluster;

/// <summary>The real kubectl, as the cluster's administrator.</summary>
public sealed class Kubectl(string kubeconfig)
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(300);

    /// <summary>Runs a command and returns what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message is what it said.</exception>
    public async Task<string> RunAsync(string[] arguments, string? input = null, CancellationToken cancellationToken = default)
    {
        var result = await TryAsync(arguments, input, cancellationToken);
        return result.Succeeded
            ? result.Output
            : throw new InvalidOperationException($"kubectl {string.Join(' ', arguments)} failed: {result.Error.Trim()}");
    }

    /// <summary>Runs a command and returns how it ended.</summary>
    public Task<CommandResult> TryAsync(string[] arguments, string? input = null, CancellationToken cancellationToken = default) =>
        Command.RunAsync("kubectl", ["--kubeconfig", kubeconfig, .. arguments], cancellationToken, input);

    /// <summary>Asks until the answer is as wanted.</summary>
    /// <param name="what">What is waited for, for the error.</param>
    /// <param name="arguments">Command to repeat.</param>
    /// <param name="isAsWanted">Judges what the command printed; a command that fails is repeated.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TimeoutException">It did not come to be; the message has the last answer.</exception>
    public async Task<string> WaitAsync(string what, string[] arguments, Func<string, bool> isAsWanted, TimeSpan limit, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(limit);
        var last = "nothing";
        try
        {
            while (true)
            {
                var result = await TryAsync(arguments, cancellationToken: patience.Token);
                last = result.Succeeded ? result.Output : result.Error;
                if (result.Succeeded && isAsWanted(result.Output))
                    return result.Output;
                await Task.Delay(Poll, TimeProvider.System, patience.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"Waited {limit.TotalSeconds:0} s in vain for {what}; the last answer was: {last}");
        }
    }
}
