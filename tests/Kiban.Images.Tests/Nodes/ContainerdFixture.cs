using System.Diagnostics;
using System.Text;
using Kiban.Images.Nodes;

namespace Kiban.Images.Tests.Nodes;

/// <summary>A containerd of its own, with root, state and socket in a temporary folder.</summary>
public sealed class ContainerdFixture : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("kiban-containerd-").FullName;
    private readonly StringBuilder _log = new();
    private Process? _containerd;

    public string Socket => Path.Combine(_folder, "containerd.sock");

    public NodeImageStore Node
    {
        get
        {
            Assert.SkipUnless(Environment.IsPrivilegedProcess, "containerd needs root");
            return new NodeImageStore(Socket);
        }
    }

    public async ValueTask InitializeAsync()
    {
        if (!Environment.IsPrivilegedProcess)
            return;
        var configuration = Path.Combine(_folder, "config.toml");
        await File.WriteAllTextAsync(
            configuration,
            $"""
             version = 2
             root = "{_folder}/root"
             state = "{_folder}/state"
             disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.internal.v1.opt"]
             [grpc]
             address = "{Socket}"
             """);
        _containerd = Process.Start(new ProcessStartInfo("containerd", ["--config", configuration])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        })!;
        _containerd.ErrorDataReceived += (_, line) =>
        {
            lock (_log)
                _log.AppendLine(line.Data);
        };
        _containerd.BeginErrorReadLine();
        _containerd.BeginOutputReadLine();
        await WaitUntilServingAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_containerd is not null)
        {
            Process.Start("kill", ["-TERM", $"{_containerd.Id}"])!.WaitForExit();
            await _containerd.WaitForExitAsync();
            _containerd.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task WaitUntilServingAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                await Node.ListAsync(limit.Token);
                return;
            }
            catch (CommandException e) when (!_containerd!.HasExited)
            {
                if (limit.IsCancellationRequested)
                    throw new InvalidOperationException($"containerd does not serve: {e.Message}\n{Log}", e);
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token);
            }
        }
    }

    private string Log
    {
        get
        {
            lock (_log)
                return _log.ToString();
        }
    }
}
