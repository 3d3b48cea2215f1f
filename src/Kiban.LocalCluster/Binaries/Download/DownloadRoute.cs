using System.Net;
using Kiban.Processes;

namespace Kiban.LocalCluster.Binaries.Download;

/// <summary>
/// The release's own download site (<see href="https://kubernetes.io/releases/download/#binaries"/>) or a mirror of its layout:
/// <c>&lt;base&gt;/release/&lt;version&gt;/bin/linux/&lt;arch&gt;/&lt;program&gt;</c> with <c>.sha256</c> or <c>.sha512</c> beside each file.
/// </summary>
public sealed class DownloadRoute : IBinaryRoute
{
    // Without internet, the build from source is minutes of work; whether there is any must not take long to find out.
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(4);

    private readonly KubernetesCache _cache;
    private readonly Uri _site;
    private readonly TimeProvider _time;

    /// <summary>Creates the route.</summary>
    public DownloadRoute(KubernetesCache cache, Uri site, TimeProvider time)
    {
        _cache = cache;
        _site = site;
        _time = time;
    }

    /// <summary>Where Kubernetes releases are published.</summary>
    public static Uri OfficialSite { get; } = new("https://dl.k8s.io");

    /// <inheritdoc/>
    public string Name => "download";

    /// <inheritdoc/>
    public async Task<RouteAnswer> TryAsync(BinaryRequest request, IProgress<BinaryProgress> progress, CancellationToken cancellationToken)
    {
        using var handler = new SocketsHttpHandler { ConnectTimeout = ConnectTimeout };
        using var client = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        var download = new VerifiedDownload(client, _time);
        try
        {
            progress.Report(new BinaryProgress(Name, $"ask {_site.Host}"));
            var version = request.Version ?? KubernetesVersion.Parse(await download.ReadTextAsync(Address("release/stable.txt"), cancellationToken));
            var folder = _cache.FolderOf(version);
            using var held = await AdvisoryLock.AcquireAsync(
                folder + ".lock", _time, () => progress.Report(new BinaryProgress(Name, "wait for another download")), cancellationToken);
            foreach (var program in request.Programs.Where(program => !Command.IsExecutable(Path.Combine(folder, program))))
            {
                var counter = new Progress(progress, Name, $"download {program} {version}");
                await download.FetchAsync(
                    Address($"release/{version}/bin/linux/{KubernetesCache.Architecture}/{program}"), Path.Combine(folder, program), counter, cancellationToken);
            }

            return RouteAnswer.Served(await KubernetesBinaries.OpenAsync(folder, cancellationToken));
        }
        catch (HttpRequestException e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return RouteAnswer.Declined($"{_site} does not have {request.Version?.ToString() ?? "a release"} for {KubernetesCache.Platform} (404)");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return RouteAnswer.Declined($"{_site} cannot be read: {e.Message}");
        }
        catch (Exception e) when (e is TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return RouteAnswer.Declined($"{_site} does not answer within {ConnectTimeout.TotalSeconds:0} s");
        }
    }

    private Uri Address(string path) => new(_site.AbsoluteUri.TrimEnd('/') + "/" + path);

    private sealed class Progress(IProgress<BinaryProgress> progress, string route, string phase) : IProgress<(long Done, long? Total)>
    {
        public void Report((long Done, long? Total) value) => progress.Report(new BinaryProgress(route, phase, value.Done, value.Total, "bytes"));
    }
}
