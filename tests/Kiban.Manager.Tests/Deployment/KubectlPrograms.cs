
namespace Kiban.Manager.Tests.Deployment;

/// <summary>The releases of kubectl that must take the manifests alike.</summary>
internal static class KubectlPrograms
{
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), $"kiban-kubectl-{Environment.UserName}");

    /// <summary>The machine's own.</summary>
    public static string Current => Command.Locate("kubectl") ?? throw new InvalidOperationException("There is no kubectl on PATH.");

    /// <summary>
    /// Debian 12's, which is 1.20 and has kustomize 2.0.3 in it: the oldest that anyone will use. Null where apt does not offer that one.
    /// </summary>
    public static async Task<string?> FindOldestAsync(CancellationToken cancellationToken)
    {
        if (await IsOldestAsync(Current, cancellationToken))
            return Current;

        var unpacked = Path.Combine(Folder, "usr", "bin", "kubectl");
        if (!File.Exists(unpacked) && !await UnpackAsync(cancellationToken))
            return null;
        return await IsOldestAsync(unpacked, cancellationToken) ? unpacked : null;
    }

    private static async Task<bool> UnpackAsync(CancellationToken cancellationToken)
    {
        if (Command.Locate("apt-get") is not { } apt || Command.Locate("dpkg-deb") is not { } dpkg)
            return false;
        Directory.CreateDirectory(Folder);
        // apt-get download writes to the working folder, for which Command has no parameter.
        var shell = $"cd '{Folder}' && '{apt}' download kubernetes-client && '{dpkg}' -x kubernetes-client_*.deb .";
        if ((await Command.RunAsync("/bin/sh", ["-c", shell], cancellationToken)).Succeeded)
            return true;
        return (await Command.RunAsync("/bin/sh", ["-c", $"'{apt}' update && {shell}"], cancellationToken)).Succeeded;
    }

    private static async Task<bool> IsOldestAsync(string kubectl, CancellationToken cancellationToken) =>
        (await Command.RunAsync(kubectl, ["version", "--client"], cancellationToken)).Output.Contains("v1.20.", StringComparison.Ordinal);
}
