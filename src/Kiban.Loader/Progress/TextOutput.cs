using System.Globalization;

namespace Kiban.Loader.Progress;

/// <summary>Progress for people: a bar that is drawn over on a terminal, a line for each change elsewhere.</summary>
/// <param name="writer">Where to.</param>
/// <param name="isTerminal">Whether lines can be drawn over.</param>
internal sealed class TextOutput(TextWriter writer, bool isTerminal) : IProgressOutput
{
    private const int BarWidth = 24;
    private const string ClearLine = "\r\u001b[K";

    /// <inheritdoc/>
    public void Show(ProgressLine line, bool isChange)
    {
        if (isTerminal && line.State is nameof(LoadReason.Loading) or nameof(LoadReason.Verifying))
            writer.Write(ClearLine + Bar(line));
        else if (isChange)
            writer.WriteLine((isTerminal ? ClearLine : "") + $"{line.State}: {Sentence(line)}");
        writer.Flush();
    }

    /// <summary>Numbers and what there is to say.</summary>
    public static string Sentence(ProgressLine line)
    {
        var parts = new List<string>();
        if (line.TotalBytes is { } total)
            parts.Add($"{ByteText.Of(line.Bytes)} of {ByteText.Of(total)}, {line.Files} of {line.TotalFiles} files");
        if (line.BytesPerSecond > 0)
            parts.Add($"{ByteText.Of(line.BytesPerSecond)}/s");
        if (line.SecondsLeft is { } left)
            parts.Add($"about {Duration(left)} left");
        if (line.Stalled)
            parts.Add("nothing arrives");
        if (line.Message.Length > 0)
            parts.Add(line.Message);
        return string.Join(", ", parts);
    }

    private static string Bar(ProgressLine line)
    {
        var share = line.TotalBytes is > 0 and var total ? Math.Clamp((double)line.Bytes / total, 0, 1) : 1;
        var full = (int)(share * BarWidth);
        return string.Create(CultureInfo.InvariantCulture, $"[{new string('#', full)}{new string('.', BarWidth - full)}] {share * 100,3:F0} %  {Sentence(line)}");
    }

    private static string Duration(long seconds) => seconds switch
    {
        < 120 => $"{seconds} s",
        < 7200 => $"{seconds / 60} min",
        _ => $"{seconds / 3600} h {seconds / 60 % 60} min",
    };
}
