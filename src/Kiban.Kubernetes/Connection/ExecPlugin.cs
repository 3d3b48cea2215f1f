using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kiban.Kubernetes.Connection;

/// <summary>
/// Runs an exec plugin and reads the <c>ExecCredential</c> it prints. Its standard error goes to ours: that is where plugins talk to
/// people. Nothing of its output is quoted in errors, for the output is the secret.
/// </summary>
internal sealed class ExecPlugin(ExecPluginOptions options, KubernetesConnection connection)
{
    private static readonly string[] Versions = ["client.authentication.k8s.io/v1", "client.authentication.k8s.io/v1beta1"];

    /// <exception cref="KubernetesConnectionException">The plugin is missing, failed, timed out or printed something else.</exception>
    public async Task<ExecCredential> RunAsync(CancellationToken cancellationToken)
    {
        if (!Versions.Contains(options.ApiVersion))
        {
            throw Failure($"has apiVersion '{options.ApiVersion}', known are {string.Join(" and ", Versions)}");
        }

        var interactive = options.InteractiveMode != ExecInteractiveMode.Never && !Console.IsInputRedirected;
        if (options.InteractiveMode == ExecInteractiveMode.Always && !interactive)
        {
            throw Failure("needs a terminal (interactiveMode: Always), and standard input is none");
        }

        using var process = Start(interactive);
        using var timeout = new CancellationTokenSource(options.Timeout);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            if (!interactive)
            {
                process.StandardInput.Close();
            }

            var output = await process.StandardOutput.ReadToEndAsync(linked.Token);
            await process.WaitForExitAsync(linked.Token);
            return process.ExitCode == 0
                ? Parse(output)
                : throw Failure($"ended with exit code {process.ExitCode}; what it has to say is on standard error");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw Failure($"did not end within {options.Timeout.TotalSeconds:0} s");
        }
    }

    private Process Start(bool interactive)
    {
        var start = new ProcessStartInfo(options.Command, options.Arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = !interactive,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };
        foreach (var (name, value) in options.Environment)
        {
            start.Environment[name] = value;
        }

        start.Environment["KUBERNETES_EXEC_INFO"] = Info(interactive).ToJsonString();
        try
        {
            return Process.Start(start) ?? throw Failure("did not start");
        }
        catch (Win32Exception e)
        {
            throw new KubernetesConnectionException(
                $"The exec plugin '{options.Command}' cannot be started: {e.Message}.{(options.InstallHint is { } hint ? " " + hint.Trim() : "")}", e);
        }
    }

    private JsonObject Info(bool interactive)
    {
        var spec = new JsonObject { ["interactive"] = interactive };
        if (options.ProvideClusterInfo)
        {
            var cluster = new JsonObject { ["server"] = connection.Server.ToString() };
            if (connection.TlsServerName is { } name)
            {
                cluster["tls-server-name"] = name;
            }

            if (connection.SkipTlsVerify)
            {
                cluster["insecure-skip-tls-verify"] = true;
            }

            if (connection.CertificateAuthority is { } authority)
            {
                cluster["certificate-authority-data"] = Convert.ToBase64String(Encoding.UTF8.GetBytes(authority.Read()));
            }

            if (connection.Proxy is { } proxy)
            {
                cluster["proxy-url"] = proxy.ToString();
            }

            if (connection.DisableCompression)
            {
                cluster["disable-compression"] = true;
            }

            if (options.ClusterConfig is { } config)
            {
                cluster["config"] = config.DeepClone();
            }

            spec["cluster"] = cluster;
        }

        return new JsonObject { ["apiVersion"] = options.ApiVersion, ["kind"] = "ExecCredential", ["spec"] = spec };
    }

    private ExecCredential Parse(string output)
    {
        ExecCredentialDocument? document;
        try
        {
            document = JsonSerializer.Deserialize<ExecCredentialDocument>(output, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            // The exception's own text can quote what was printed, which is the secret.
            throw Failure("printed something that is no ExecCredential in JSON");
        }

        if (document?.Kind != "ExecCredential" || document.ApiVersion != options.ApiVersion)
        {
            throw Failure($"answered with apiVersion '{document?.ApiVersion}' and kind '{document?.Kind}' instead of {options.ApiVersion} ExecCredential");
        }

        var status = document.Status ?? throw Failure("printed an ExecCredential without status");
        if (string.IsNullOrEmpty(status.ClientCertificateData) != string.IsNullOrEmpty(status.ClientKeyData))
        {
            throw Failure("printed only one of clientCertificateData and clientKeyData");
        }

        if (string.IsNullOrEmpty(status.Token) && string.IsNullOrEmpty(status.ClientCertificateData))
        {
            throw Failure("printed neither a token nor a client certificate");
        }

        var credential = new Credential
        {
            Authorization = string.IsNullOrEmpty(status.Token) ? null : CredentialSource.Bearer(status.Token),
            Certificate = string.IsNullOrEmpty(status.ClientCertificateData)
                ? null
                : ClientCertificate.Load(status.ClientCertificateData, status.ClientKeyData!, $"the exec plugin '{options.Command}'"),
        };
        return new ExecCredential(credential, status.ExpirationTimestamp);
    }

    private KubernetesConnectionException Failure(string what) => new($"The exec plugin '{options.Command}' {what}.");

    private sealed record ExecCredentialDocument(string? ApiVersion, string? Kind, ExecCredentialStatus? Status);

    private sealed record ExecCredentialStatus(string? Token, string? ClientCertificateData, string? ClientKeyData, DateTimeOffset? ExpirationTimestamp);
}
