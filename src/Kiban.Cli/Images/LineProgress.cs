namespace Kiban.Cli.Images;

/// <summary>Writes each step on a line of its own, at once and in order.</summary>
internal sealed class LineProgress(TextWriter output) : IProgress<string>
{
    public void Report(string value) => output.WriteLine($"  {value}");
}
