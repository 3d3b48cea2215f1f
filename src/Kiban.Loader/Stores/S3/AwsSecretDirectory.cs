namespace Kiban.Loader.Stores.S3;

/// <summary>
/// The keys of a Secret of type <c>kiban.dev/aws-credentials</c> as files of a directory, as a Secret volume mounts them. A changed Secret takes
/// effect with the next request.
/// </summary>
internal sealed class AwsSecretDirectory : IAwsSettingsSource
{
    /// <summary>The file that tells such a directory.</summary>
    public const string MarkingFile = "aws_access_key_id";

    private readonly SecretFiles _files;
    private volatile State? _read;

    public AwsSecretDirectory(string directory) =>
        _files = new SecretFiles(directory, MarkingFile, "aws_secret_access_key", "aws_session_token", "region", "endpoint_url", "ca_bundle");

    /// <inheritdoc/>
    public AwsSettings Read()
    {
        var fingerprint = _files.TakeFingerprint();
        if (_read is { } read && read.Fingerprint == fingerprint)
            return read.Settings;
        var settings = ReadFiles();
        _read = new State(fingerprint, settings);
        return settings;
    }

    /// <inheritdoc/>
    public AwsSettings ReadAgain()
    {
        _read = null;
        return Read();
    }

    private AwsSettings ReadFiles() => new()
    {
        Credential = new AwsCredential(_files.Require(MarkingFile), _files.Require("aws_secret_access_key"), _files.Find("aws_session_token")),
        Origin = $"the AWS credential in {_files.Directory}",
        Region = _files.Find("region"),
        Endpoint = AwsEndpoint.Parse(_files.Find("endpoint_url"), $"endpoint_url in {_files.Directory}"),
        CertificateBundle = _files.Find("ca_bundle"),
    };

    private sealed class State(SecretFiles.Fingerprint fingerprint, AwsSettings settings)
    {
        public SecretFiles.Fingerprint Fingerprint => fingerprint;

        public AwsSettings Settings => settings;
    }
}
