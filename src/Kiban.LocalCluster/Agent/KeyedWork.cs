using Kiban.Kubernetes.Queueing;
using Microsoft.Extensions.Logging;

namespace Kiban.LocalCluster.Agent;

/// <summary>Works through a queue with a few workers; what fails comes again after its back-off.</summary>
/// <typeparam name="TKey">What there is work for.</typeparam>
internal sealed partial class KeyedWork<TKey> : IDisposable
    where TKey : notnull
{
    private static readonly QueueOptions Options = new() { BaseDelay = TimeSpan.FromMilliseconds(100), MaxDelay = TimeSpan.FromMinutes(1) };

    private readonly RateLimitedQueue<TKey> _queue;
    private readonly ILogger _logger;

    public KeyedWork(string name, TimeProvider time, ILogger logger)
    {
        _queue = new RateLimitedQueue<TKey>(name, Options, time);
        _logger = logger;
    }

    /// <summary>There is work for the key.</summary>
    public void Add(TKey key) => _queue.Add(key);

    /// <summary>Works until it is cancelled. Work is never done twice at a time for one key.</summary>
    /// <param name="workers">How many keys are worked on at a time.</param>
    /// <param name="work">Does the work; false when it has to be looked at again after a while.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public Task RunAsync(int workers, Func<TKey, CancellationToken, Task<bool>> work, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, workers).Select(_ => WorkAsync(work, cancellationToken)));

    /// <inheritdoc/>
    public void Dispose() => _queue.Dispose();

    private async Task WorkAsync(Func<TKey, CancellationToken, Task<bool>> work, CancellationToken cancellationToken)
    {
        await foreach (var key in _queue.TakeAllAsync(cancellationToken))
        {
            try
            {
                if (await work(key, cancellationToken))
                {
                    _queue.Forget(key);
                }
                else
                {
                    _queue.AddRateLimited(key);
                }
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested)
            {
                Failed(_logger, e, key);
                _queue.AddRateLimited(key);
            }
            finally
            {
                _queue.Done(key);
            }
        }
    }

    [LoggerMessage(EventId = 120, Level = LogLevel.Warning, Message = "{Key} could not be served and is tried again")]
    private static partial void Failed(ILogger logger, Exception exception, TKey key);
}
