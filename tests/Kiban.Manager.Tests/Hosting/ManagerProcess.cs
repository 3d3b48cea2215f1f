using System.Diagnostics;
using System.Net;
using Kiban.LocalCluster.Processes;

namespace Kiban.Manager.Tests.Hosting;

/// <summary>The manager in a process of its own, as in a Pod: what it prints is kept, and it can be stopped, or killed.</summary>
internal sealed class ManagerProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new();

    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private ManagerProcess(Process process, int httpPort, int webhookPort)
    {
        (_process, HttpPort, WebhookPort) = (process, httpPort, webhookPort);
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Port of metrics and health.</summary>
    public int HttpPort { get; }

    /// <summary>Port of the webhooks.</summary>
    public int WebhookPort { get; }

    /// <summary>Starts it with settings such as <c>Admission:Namespace=x</c>, on free ports, reached by URL unless <paramref name="byService"/>.</summary>
    public static ManagerProcess Start(string kubeconfig, IEnumerable<string> settings, bool byService = false, int? webhookPort = null)
    {
        var ports = FreePorts.Choose(2);
        var webhooks = webhookPort ?? ports[1];
        var start = new ProcessStartInfo("dotnet",
        [
            typeof(ManagerApplication).Assembly.Location,
            $"--Manager:Kubeconfig={kubeconfig}", $"--Manager:HttpPort={ports[0]}", "--Manager:HttpAddress=127.0.0.1", $"--Admission:Port={webhooks}",
            .. byService ? Array.Empty<string>() : [$"--Admission:Url=https://127.0.0.1:{webhooks}"],
            // Long enough for a test to see it.
            "--Admission:DrainPeriod=00:00:03",
            .. settings.Select(setting => "--" + setting),
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new ManagerProcess(Process.Start(start)!, ports[0], webhooks);
    }

    /// <summary>Waits until <c>/readyz</c> answers 200.</summary>
    public Task WaitUntilReadyAsync() => Eventually.BecomesTrueAsync($"the manager on port {HttpPort} is ready", async () =>
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"The manager ended with exit code {_process.ExitCode}: {await _output}{await _errors}");
        return await StatusAsync("readyz") == HttpStatusCode.OK;
    });

    /// <summary>Status code of a path; null where nobody listens.</summary>
    public async Task<HttpStatusCode?> StatusAsync(string path)
    {
        try
        {
            using var response = await Http.GetAsync(new Uri($"http://127.0.0.1:{HttpPort}/{path}"));
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>Body of a path.</summary>
    public Task<string> GetAsync(string path) => Http.GetStringAsync(new Uri($"http://127.0.0.1:{HttpPort}/{path}"));

    /// <summary>Tells it to stop, as the kubelet does.</summary>
    public async Task SendTerminateAsync() => (await Command.RunAsync("kill", ["-TERM", $"{_process.Id}"], CancellationToken.None)).Succeeded.ShouldBeTrue();

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code and what it wrote to standard error.</returns>
    public async Task<(int ExitCode, string Errors)> WaitForExitAsync()
    {
        await Eventually.BecomesTrueAsync("the manager ends", () => Task.FromResult(_process.HasExited));
        return (_process.ExitCode, await _errors);
    }

    /// <summary>Kills it as a crash does.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();
        _process.Dispose();
    }
}
