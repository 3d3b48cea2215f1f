using Kiban.Kubernetes.Queueing;

namespace Kiban.Kubernetes.Tests.Documentation;

/// <summary>Work by key that is no reconciliation of an object.</summary>
internal sealed class ImagePulls(RateLimitedQueue<string> queue, Func<string, CancellationToken, Task> pullAsync)
{
    public void Want(string image) => queue.Add(image);

    public async Task WorkAsync(CancellationToken cancellationToken)
    {
        await foreach (var image in queue.TakeAllAsync(cancellationToken))
        {
            try
            {
                await pullAsync(image, cancellationToken);
                queue.Forget(image);
            }
            catch (HttpRequestException)
            {
                queue.AddRateLimited(image);
            }
            finally
            {
                queue.Done(image);
            }
        }
    }
}
