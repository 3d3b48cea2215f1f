using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Kiban.LocalCluster.Binaries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Kiban.LocalCluster.Tests.Binaries;

/// <summary>A download site with the layout of the Kubernetes releases, on loopback, that can be told to misbehave.</summary>
internal sealed class ReleaseSite : IAsyncDisposable
{
    private readonly WebApplication _application;

    public ReleaseSite()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _application = builder.Build();
        _application.Run(ServeAsync);
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1:1");

    public ConcurrentDictionary<string, byte[]> Files { get; } = new();

    /// <summary>The Range headers that came.</summary>
    public ConcurrentQueue<string> Ranges { get; } = new();

    public bool ServesRanges { get; set; } = true;

    /// <summary>The next program is cut off after so many bytes, once, as soon as <see cref="Arrived"/> says that they are there.</summary>
    public int? BreakOnceAfter { get; set; }

    /// <summary>Completed by the test when the bytes before the break have arrived: a reset may overtake what was sent before it.</summary>
    public TaskCompletionSource Arrived { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public static string PathOf(string version, string program) => $"/release/{version}/bin/linux/{KubernetesCache.Architecture}/{program}";

    public async Task StartAsync()
    {
        await _application.StartAsync();
        Address = new Uri(_application.Urls.Single());
    }

    public void Publish(string version, IEnumerable<string> programs, string checksum = ".sha512")
    {
        foreach (var path in programs.Select(program => PathOf(version, program)))
        {
            var content = Encoding.UTF8.GetBytes(FakeProgram.Text(version));
            Files[path] = content;
            Files[path + checksum] = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(checksum == ".sha512" ? SHA512.HashData(content) : SHA256.HashData(content)));
        }
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task ServeAsync(HttpContext context)
    {
        if (!Files.TryGetValue(context.Request.Path, out var content))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var range = context.Request.Headers.Range.ToString();
        if (range.Length > 0)
        {
            Ranges.Enqueue(range);
        }

        var isProgram = !Path.GetFileName(context.Request.Path.Value!).Contains('.', StringComparison.Ordinal);
        if (isProgram && BreakOnceAfter is { } count)
        {
            BreakOnceAfter = null;
            context.Response.ContentLength = content.Length;
            await context.Response.Body.WriteAsync(content.AsMemory(0, count));
            await context.Response.Body.FlushAsync();
            await Arrived.Task;
            context.Abort();
            return;
        }

        await Results.Bytes(content, enableRangeProcessing: ServesRanges).ExecuteAsync(context);
    }
}
