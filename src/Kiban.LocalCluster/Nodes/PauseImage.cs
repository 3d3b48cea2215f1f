using Kiban.Images.Building;
using Kiban.Images.Definitions;
using Kiban.Images.Nodes;
using Kiban.LocalCluster.Components;
using Kiban.LocalCluster.Doctor;
using Kiban.Processes;

namespace Kiban.LocalCluster.Nodes;

/// <summary>
/// The image of sandbox containers on the node. It is made on this machine from Debian's catatonit, a static program of 700 kB that can
/// wait and reap, which is all a pause container does; podman uses it for the same.
/// </summary>
internal sealed class PauseImage : IClusterComponent
{
    private readonly Func<string?> _containerdSocket;
    private readonly TimeProvider _time;

    public PauseImage(Func<string?> containerdSocket, TimeProvider time)
    {
        _containerdSocket = containerdSocket;
        _time = time;
    }

    /// <inheritdoc/>
    public string Name => "pause-image";

    /// <inheritdoc/>
    public async Task<StartOutcome> StartAsync(CancellationToken cancellationToken)
    {
        var builder = new ImageBuilder(new ImageBuilderOptions(), new Progress<string>(), _time);
        var image = await builder.BuildAsync(PlatformImages.Pause, cancellationToken);
        return await Store().LoadAsync(builder, image, cancellationToken) ? StartOutcome.Started : StartOutcome.Adopted;
    }

    /// <inheritdoc/>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task<ComponentStatus> ObserveAsync(CancellationToken cancellationToken)
    {
        try
        {
            var isThere = _containerdSocket() is not null && (await Store().ListAsync(cancellationToken)).ContainsKey(PlatformImages.Pause.Reference);
            return new ComponentStatus(Name, isThere, isThere);
        }
        catch (CommandException)
        {
            return new ComponentStatus(Name, false, false);
        }
    }

    private NodeImageStore Store() =>
        new(_containerdSocket() ?? throw new LocalClusterException("containerd does not run."), RequiredProgram.Locate("ctr"));
}
