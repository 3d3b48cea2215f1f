using System.CommandLine;
using System.Text.Json;
using Kiban.Loader.Loading;
using Kiban.Loader.Planning;
using Kiban.Loader.Progress;

namespace Kiban.Loader.Commands;

/// <summary><c>kiban-loader list</c></summary>
internal static class ListCommand
{
    private const int Connections = 16;

    /// <summary>Where files are usually loaded to, for the length of their paths.</summary>
    private const string UsualRoot = "/data";

    /// <summary>The command.</summary>
    public static Command Create(TimeProvider time)
    {
        var summary = new Option<bool>("--summary") { Description = "Only totals and the digest, no files" };
        var command = new Command("list", """
            List what would be loaded, with totals and the digest of the content; loads nothing.

            Examples:
              kiban-loader list --source s3://bucket/imagenet/
              kiban-loader list --source gs://bucket/c4/ --include '*.parquet' --output json --summary
            """)
        {
            summary,
        };
        var sources = new SourceOptions(command);
        command.SetAction((parsed, cancellationToken) => CommandEnd.RunAsync(
            sources.TerminationLog(parsed),
            cancel => ListAsync(parsed, sources, parsed.GetValue(summary), time, cancel),
            Console.Error.WriteLine,
            report => report,
            time,
            cancellationToken));
        return command;
    }

    private static async Task<EndReport> ListAsync(ParseResult parsed, SourceOptions sources, bool isSummary, TimeProvider time, CancellationToken cancellationToken)
    {
        var options = sources.Read(parsed, UsualRoot);
        var isJson = sources.IsJson(parsed);
        var opened = sources.OpenSources(parsed, Connections, time);
        try
        {
            var retry = new RetryPolicy(options.Timing, new LoadStatus(time), time);
            var files = await SourceListing.ReadAsync(opened, options, retry, cancellationToken).ConfigureAwait(false);
            SourceListing.RequireSafe(files, options.Into, foldsCase: false);
            var report = new EndReport
            {
                State = "Listed",
                Reason = nameof(LoadReason.Listing),
                Message = $"{ByteText.Of(files.Sum(file => file.Object.Size ?? 0))} in {files.Count} files.",
                Digest = ContentDigest.Of(opened, options, files),
                Bytes = files.Sum(file => file.Object.Size ?? 0),
                Files = files.Count,
            };
            if (!isSummary)
                Write(files, isJson);
            Console.Out.WriteLine(isJson ? JsonSerializer.Serialize(report, ProgressJson.Default.EndReport) : $"{report.Message} {report.Digest}");
            return report;
        }
        finally
        {
            foreach (var source in opened)
                source.Store.Dispose();
        }
    }

    private static void Write(IReadOnlyList<PlannedFile> files, bool isJson)
    {
        foreach (var file in files.Order(PlannedFile.ByPath))
        {
            Console.Out.WriteLine(isJson
                ? JsonSerializer.Serialize(new ListedFile(file.Path, file.Object.Size, file.Object.Version), ProgressJson.Default.ListedFile)
                : $"{file.Object.Size,16}  {file.Path}");
        }
    }
}
