using Kiban.LocalCluster.Processes;
using Kiban.Processes;

namespace Kiban.LocalCluster.Binaries.Debian;

/// <summary>
/// One build in a folder of its own. The compiler runs as a daemon: when the command that waits for it is killed, the next one takes
/// the running build over, and when the machine went down, the build continues from the compiler's cache.
/// </summary>
internal sealed class SourceBuild
{
    private const string DaemonName = "make";

    // Packages that the compiler names with -v for all five programs of 1.20.2; only for the display.
    private const int UsualPackages = 1850;

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    private readonly string _folder;
    private readonly SourcePackage _package;
    private readonly TimeProvider _time;
    private readonly DaemonHost _daemons;

    public SourceBuild(string folder, SourcePackage package, TimeProvider time)
    {
        _folder = folder;
        _package = package;
        _time = time;
        _daemons = new DaemonHost(new ClusterDirectory(folder), time);
    }

    private string Tree => Path.Combine(_folder, "tree");

    private string ExitCodePath => Path.Combine(_folder, "exit-code");

    /// <summary>Downloads and unpacks the source, unless an earlier run did.</summary>
    /// <returns>False when the tree does not hold the servers.</returns>
    public async Task<bool> UnpackAsync(PrivateApt apt, IProgress<BinaryProgress> progress, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(Tree))
        {
            progress.Report(new BinaryProgress("source", $"download kubernetes {_package.DebianVersion}"));
            var download = Path.Combine(_folder, "download");
            if (Directory.Exists(download))
            {
                Directory.Delete(download, recursive: true);
            }

            var description = await apt.DownloadAsync(_package, download, cancellationToken);
            progress.Report(new BinaryProgress("source", "unpack"));
            var unpacked = Path.Combine(download, "tree");
            var result = await Command.RunAsync("dpkg-source", ["--no-check", "--extract", description, unpacked], cancellationToken);
            if (!result.Succeeded)
            {
                throw new LocalClusterException($"dpkg-source failed: {result.Error.Trim()}");
            }

            MapIterationFix.Apply(unpacked);
            // Renamed last: a tree under its final name is whole.
            Directory.Move(unpacked, Tree);
        }

        return Directory.Exists(Path.Combine(Tree, "cmd", "kube-apiserver"));
    }

    /// <summary>Compiles the programs, or waits for the compiler that an earlier run started.</summary>
    public async Task CompileAsync(IReadOnlyList<string> programs, IProgress<BinaryProgress> progress, CancellationToken cancellationToken)
    {
        var spec = Spec(programs);
        if (_daemons.Find(DaemonName)?.ConfigHash != spec.ComputeHash() && !IsDone())
        {
            await _daemons.KillAllAsync(cancellationToken);
            _daemons.Cluster.Create();
            File.Delete(ExitCodePath);
            File.Delete(_daemons.Cluster.LogPath(DaemonName));
            await _daemons.StartAsync(spec, cancellationToken);
        }

        try
        {
            while (_daemons.Find(DaemonName) is not null)
            {
                progress.Report(new BinaryProgress("source", $"compile {_package.Version}", CountPackages(), UsualPackages, "packages"));
                await Task.Delay(PollInterval, _time, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            await _daemons.KillAllAsync(CancellationToken.None);
            throw;
        }

        if (!IsDone())
        {
            throw new LocalClusterException($"make failed; the end of {_daemons.Cluster.LogPath(DaemonName)}:\n{_daemons.LogTail(DaemonName)}");
        }
    }

    /// <summary>Puts the programs into the cache, each whole or not at all.</summary>
    public void Install(IReadOnlyList<string> programs, string folder)
    {
        Directory.CreateDirectory(folder);
        // kube-apiserver last: a folder of the cache counts as a release once it has that.
        foreach (var program in programs.OrderBy(program => program == "kube-apiserver"))
        {
            var built = Path.Combine(Tree, "_output", "local", "go", "bin", program);
            if (File.Exists(built))
            {
                File.Move(built, Path.Combine(folder, program), overwrite: true);
            }
            else if (!File.Exists(Path.Combine(folder, program)))
            {
                // Not there either, so it was not moved by a run that was killed here.
                throw new LocalClusterException($"make ended well but left no {built}.");
            }
        }
    }

    private DaemonSpec Spec(IReadOnlyList<string> programs)
    {
        var what = string.Join(' ', programs.Select(program => "cmd/" + program));
        // -v names each package, which is the progress shown. The tag means nothing: without any, 1.20's scripts take all of GOFLAGS for tags.
        // nice: the machine is a person's, and stays usable. The exit code goes to a file, since the waiting command may be another by then.
        var script = $"nice -n 10 make WHAT='{what}' GOFLAGS='-mod=vendor -v -tags=kiban' KUBE_GIT_VERSION={_package.Version}; echo $? >'{ExitCodePath}'";
        return new DaemonSpec
        {
            Name = DaemonName,
            Executable = "/bin/sh",
            Arguments = ["-c", script],
            WorkingDirectory = Tree,
            Environment = new Dictionary<string, string>
            {
                ["GOCACHE"] = Path.Combine(_folder, "go-cache"),
                ["GOPATH"] = Path.Combine(_folder, "go"),
                ["GOTOOLCHAIN"] = "local",
                ["GOPROXY"] = "off",
            },
        };
    }

    private bool IsDone() => File.Exists(ExitCodePath) && File.ReadAllText(ExitCodePath).Trim() == "0";

    // Each package the compiler finished is a line of its path alone.
    private long CountPackages()
    {
        var log = _daemons.Cluster.LogPath(DaemonName);
        if (!File.Exists(log))
        {
            return 0;
        }

        using var stream = new FileStream(log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        var count = 0L;
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && char.IsAsciiLetterLower(line[0]) && !line.Contains(' ', StringComparison.Ordinal))
            {
                count++;
            }
        }

        return Math.Min(count, UsualPackages);
    }
}
