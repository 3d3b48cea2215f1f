using System.Runtime.InteropServices;

namespace Kiban.LocalCluster.Processes;

/// <summary>Sends signals to processes.</summary>
public static partial class UnixSignalExtensions
{
    /// <summary>Sends the signal, unless the process has ended.</summary>
    /// <returns>False when the process had ended.</returns>
    public static bool Send(this ProcessIdentity process, UnixSignal signal) =>
        process.IsRunning && Kill(process.Id, (int)signal) == 0;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}
