using System.Globalization;
using Kiban.Bench.Processes;

namespace Kiban.Bench.Loading;

/// <summary>A program that can fill a directory from a bucket.</summary>
/// <param name="Name">Its name in the report.</param>
/// <param name="Program">Path of the program.</param>
/// <param name="Arguments">Its arguments for a server, a bucket and a directory.</param>
/// <param name="Environment">Its environment.</param>
internal sealed record LoadTool(
    string Name, string Program, Func<Uri, string, string, IEnumerable<string>> Arguments, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>All of them: this project's, its peers with their usual settings and, where they have such, with more parallelism.</summary>
    /// <param name="loader">The published loader.</param>
    /// <param name="folder">Where settings files may be put.</param>
    public static IReadOnlyList<LoadTool> All(string loader, string folder)
    {
        var keys = new Dictionary<string, string>
        {
            ["AWS_ACCESS_KEY_ID"] = ObjectServer.Key.Id,
            ["AWS_SECRET_ACCESS_KEY"] = ObjectServer.Key.Secret,
            ["AWS_DEFAULT_REGION"] = "us-east-1",
            ["AWS_REGION"] = "us-east-1",
            ["AWS_EC2_METADATA_DISABLED"] = "true",
            ["HOME"] = folder,
        };
        var tunedAws = Path.Combine(folder, "aws-config");
        File.WriteAllText(tunedAws, "[default]\ns3 =\n  max_concurrent_requests = 32\n");
        IEnumerable<string> Rclone(Uri server, string bucket, string target, params string[] more) =>
        [
            "copy", $":s3,provider=Other,env_auth=true,region=us-east-1,endpoint='{server}':{bucket}", target, "--config", "/dev/null", "--quiet", .. more,
        ];
        return
        [
            new LoadTool(
                "kiban-loader", loader,
                (server, bucket, target) => ["load", "--source", $"s3://{bucket}/", "--into", target, "--endpoint-url", server.ToString(), "--output", "json"],
                keys),
            new LoadTool("rclone", "/usr/bin/rclone", (server, bucket, target) => Rclone(server, bucket, target), keys),
            new LoadTool(
                "rclone, 32 transfers", "/usr/bin/rclone",
                (server, bucket, target) => Rclone(server, bucket, target, "--transfers", "32", "--checkers", "32", "--multi-thread-streams", "8"), keys),
            new LoadTool("awscli", "/usr/bin/aws", Aws, keys),
            new LoadTool("awscli, 32 requests", "/usr/bin/aws", Aws, keys.Append(new("AWS_CONFIG_FILE", tunedAws)).ToDictionary()),
            new LoadTool(
                "s3cmd", "/usr/bin/s3cmd",
                (server, bucket, target) =>
                [
                    "--config=/dev/null", $"--access_key={ObjectServer.Key.Id}", $"--secret_key={ObjectServer.Key.Secret}", "--no-ssl", $"--host={server.Authority}",
                    $"--host-bucket={server.Authority}", "--region=us-east-1", "--no-progress", "--quiet", "--recursive", "get", $"s3://{bucket}/", target + "/",
                ],
                keys),
            new LoadTool(
                BareCopy.Name, ThisProgram.Path,
                (server, bucket, target) => ThisProgram.Arguments(BareCopy.Command, server.Port.ToString(CultureInfo.InvariantCulture), bucket, target, folder),
                keys),
        ];

        static IEnumerable<string> Aws(Uri server, string bucket, string target) =>
            ["s3", "cp", $"s3://{bucket}/", target, "--recursive", "--quiet", "--endpoint-url", server.ToString()];
    }
}
