using System.Security.Cryptography;
using System.Text;

namespace Kiban.LocalCluster.Processes;

/// <summary>A program that runs in the background as part of a cluster, and everything that decides how it behaves.</summary>
public sealed record DaemonSpec
{
    /// <summary>Name of the component, also of its log file.</summary>
    public required string Name { get; init; }

    /// <summary>Absolute path of the program.</summary>
    public required string Executable { get; init; }

    /// <summary>Arguments; never secrets, since every user of the machine can read them.</summary>
    public required IReadOnlyList<string> Arguments { get; init; }

    /// <summary>Variables set beside those of the starting process.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Directory the program starts in; the cluster's own when null.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Files that the program reads once at its start: when one of them changes, the daemon is started anew.</summary>
    public IReadOnlyList<string> ConfigFiles { get; init; } = [];

    /// <summary>
    /// What the program was started with, as one value: program (path, size and time), arguments, environment and the contents of
    /// <see cref="ConfigFiles"/>. A running daemon with another hash does not fit any more.
    /// </summary>
    public string ComputeHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var program = new FileInfo(Executable);
        Append(Executable);
        Append(program.Exists ? $"{program.Length} {program.LastWriteTimeUtc.Ticks}" : "missing");
        Append(WorkingDirectory ?? "");
        foreach (var argument in Arguments)
        {
            Append(argument);
        }

        foreach (var (name, value) in Environment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Append(name + "=" + value);
        }

        foreach (var file in ConfigFiles)
        {
            Append(file);
            hash.AppendData(File.Exists(file) ? SHA256.HashData(File.ReadAllBytes(file)) : []);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));

        void Append(string text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData([0]);
        }
    }
}
