using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;

namespace Kiban.LocalCluster.Binaries.Download;

/// <summary>
/// Downloads programs whose checksum lies beside them. What was interrupted is resumed where it stopped, also by a later process; a
/// file appears under its name only whole, verified and executable.
/// </summary>
public sealed class VerifiedDownload
{
    private const int Attempts = 4;

    private static readonly TimeSpan StallTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly HttpClient _client;
    private readonly TimeProvider _time;

    /// <summary>Creates the downloader.</summary>
    public VerifiedDownload(HttpClient client, TimeProvider time)
    {
        _client = client;
        _time = time;
    }

    /// <summary>Reads a small text.</summary>
    /// <exception cref="HttpRequestException">It is not there, or the server cannot be reached.</exception>
    public async Task<string> ReadTextAsync(Uri address, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(StallTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        return await _client.GetStringAsync(address, either.Token);
    }

    /// <summary>Downloads the file and puts it at <paramref name="path"/>.</summary>
    /// <exception cref="HttpRequestException">The file or its checksum is not there, or the connection broke again and again.</exception>
    /// <exception cref="LocalClusterException">What came does not have the published checksum.</exception>
    public async Task FetchAsync(Uri address, string path, IProgress<(long Done, long? Total)> progress, CancellationToken cancellationToken)
    {
        var checksum = await ReadChecksumAsync(address, cancellationToken);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var partial = path + ".part";
        var wasResumed = File.Exists(partial);
        await TransferAsync(address, partial, progress, cancellationToken);
        if (!await checksum.FitsAsync(partial, cancellationToken))
        {
            File.Delete(partial);
            if (!wasResumed)
            {
                throw new LocalClusterException($"{address} does not have the checksum published beside it ({checksum.Algorithm.Name} {checksum.Hex}); it is not used.");
            }

            // The first half may have been of another file, or damaged when the machine stopped.
            await FetchAsync(address, path, progress, cancellationToken);
            return;
        }

        File.SetUnixFileMode(partial, AtomicFile.Public | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        File.Move(partial, path, overwrite: true);
    }

    private async Task<PublishedChecksum> ReadChecksumAsync(Uri address, CancellationToken cancellationToken)
    {
        foreach (var (algorithm, suffix) in new[] { (HashAlgorithmName.SHA512, ".sha512"), (HashAlgorithmName.SHA256, ".sha256") })
        {
            try
            {
                if (PublishedChecksum.Parse(algorithm, await ReadTextAsync(new Uri(address.AbsoluteUri + suffix), cancellationToken)) is { } checksum)
                {
                    return checksum;
                }
            }
            catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.NotFound && suffix == ".sha512")
            {
                // Older releases publish .sha256 only.
            }
        }

        throw new LocalClusterException($"{address} has no readable checksum beside it (.sha512 or .sha256); it is not used.");
    }

    private async Task TransferAsync(Uri address, string partial, IProgress<(long Done, long? Total)> progress, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await TransferOnceAsync(address, partial, progress, cancellationToken);
                return;
            }
            catch (Exception e) when (attempt < Attempts && IsTransient(e, cancellationToken))
            {
                await Task.Delay(RetryDelay * attempt, _time, cancellationToken);
            }
        }
    }

    private async Task TransferOnceAsync(Uri address, string partial, IProgress<(long Done, long? Total)> progress, CancellationToken cancellationToken)
    {
        await using var file = new FileStream(partial, FileMode.OpenOrCreate, FileAccess.Write, FileShare.None, 1 << 16, FileOptions.Asynchronous);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (file.Length > 0)
        {
            request.Headers.Range = new RangeHeaderValue(file.Length, null);
        }

        using var stall = new CancellationTokenSource(StallTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stall.Token, cancellationToken);
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
        if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable)
        {
            // Nothing is left to send: the checksum decides whether what is here is it.
            return;
        }

        response.EnsureSuccessStatusCode();
        var start = response.StatusCode == HttpStatusCode.PartialContent ? response.Content.Headers.ContentRange?.From ?? 0 : 0;
        file.SetLength(Math.Min(start, file.Length));
        file.Seek(0, SeekOrigin.End);
        if (file.Length != start)
        {
            throw new HttpRequestException($"{address} answered with a range from {start}, where {file.Length} was asked for");
        }

        var total = response.Content.Headers.ContentLength + start;
        await using var body = await response.Content.ReadAsStreamAsync(either.Token);
        var buffer = new byte[1 << 17];
        while (true)
        {
            stall.CancelAfter(StallTimeout);
            var count = await body.ReadAsync(buffer, either.Token);
            if (count == 0)
            {
                break;
            }

            await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            progress.Report((file.Position, total));
        }

        if (total is { } expected && file.Position != expected)
        {
            throw new HttpRequestException($"{address} ended after {file.Position} of {expected} bytes");
        }
    }

    // A 404 stays a 404; a broken connection, a stall or an overloaded server may be better the next time.
    private static bool IsTransient(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        HttpRequestException { StatusCode: { } status } => (int)status >= 500 || status == HttpStatusCode.TooManyRequests,
        HttpRequestException or IOException => true,
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        _ => false,
    };
}
