using System.Text.Json;

namespace Kiban.Loader.Progress;

/// <summary>One JSON object a line.</summary>
internal sealed class JsonLinesOutput(TextWriter writer) : IProgressOutput
{
    /// <inheritdoc/>
    public void Show(ProgressLine line, bool isChange)
    {
        writer.WriteLine(JsonSerializer.Serialize(line, ProgressJson.Default.ProgressLine));
        writer.Flush();
    }
}
