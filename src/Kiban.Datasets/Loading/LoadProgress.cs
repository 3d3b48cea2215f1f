using System.Globalization;
using System.Text.Json.Nodes;
using Kiban.Datasets.Api;

namespace Kiban.Datasets.Loading;

/// <summary>How far a loader is: a line of its output.</summary>
internal sealed record LoadProgress
{
    /// <summary><c>Listing</c>, <c>Loading</c> or <c>Verifying</c>.</summary>
    public required string State { get; init; }

    /// <summary>Bytes in the volume.</summary>
    public long Bytes { get; init; }

    /// <summary>Bytes in all; null while listing.</summary>
    public long? TotalBytes { get; init; }

    /// <summary>Files in the volume.</summary>
    public long Files { get; init; }

    /// <summary>Files in all; null while listing.</summary>
    public long? TotalFiles { get; init; }

    /// <summary>Bytes a second, lately.</summary>
    public double BytesPerSecond { get; init; }

    /// <summary>Seconds left at that rate; null when it cannot be told.</summary>
    public double? SecondsLeft { get; init; }

    /// <summary>Whether nothing arrives.</summary>
    public bool IsStalled { get; init; }

    /// <summary>What the loader says besides, such as what it waits for.</summary>
    public string? Message { get; init; }

    /// <summary>Reads a line; null where it is none.</summary>
    public static LoadProgress? Read(JsonNode? line)
    {
        if (line is not JsonObject fields || fields.Text("state") is not { } state)
            return null;
        return new LoadProgress
        {
            State = state,
            Bytes = (long)(fields.Number("bytes") ?? 0),
            TotalBytes = (long?)fields.Number("totalBytes"),
            Files = (long)(fields.Number("files") ?? 0),
            TotalFiles = (long?)fields.Number("totalFiles"),
            BytesPerSecond = fields.Number("bytesPerSecond") ?? 0,
            SecondsLeft = fields.Number("secondsLeft"),
            IsStalled = fields["stalled"] is JsonValue stalled && stalled.TryGetValue(out bool isStalled) && isStalled,
            Message = fields.Text("message"),
        };
    }

    /// <summary>What the condition says of it.</summary>
    public LoadStatus ToStatus()
    {
        if (IsStalled)
            return LoadStatus.Waiting(LoadReasons.Stalled, Told(string.IsNullOrEmpty(Message) ? "nothing arrives" : Message));
        var reason = State is LoadReasons.Listing or LoadReasons.Verifying ? State : LoadReasons.Loading;
        return LoadStatus.Waiting(reason, Told(Message));
    }

    private string Told(string? remark)
    {
        List<string> parts = [];
        if (TotalBytes is { } total)
            parts.Add($"{ByteText.Of(Bytes)} of {ByteText.Of(total)}");
        if (TotalFiles is { } files)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{Files} of {files} files"));
        else if (Files > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{Files} objects so far"));
        if (BytesPerSecond >= 1)
            parts.Add($"{ByteText.Of((long)BytesPerSecond)}/s");
        if (SecondsLeft is { } seconds && seconds >= 1)
            parts.Add($"about {ByteText.OfTime(seconds)} left");
        if (!string.IsNullOrEmpty(remark))
            parts.Add(remark);
        return parts.Count == 0 ? "listing the source" : string.Join(", ", parts);
    }
}
