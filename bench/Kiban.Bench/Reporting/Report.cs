using System.Globalization;

namespace Kiban.Bench.Reporting;

/// <summary>Writes what was measured as Markdown, readable in a terminal and fit for docs/performance.md.</summary>
internal sealed class Report(TextWriter output)
{
    /// <summary>Starts the part of one benchmark: what ran, on what.</summary>
    public void Begin(string title, string command, IEnumerable<KeyValuePair<string, string>> machine)
    {
        output.WriteLine($"## {title}");
        output.WriteLine();
        output.WriteLine($"`{command}`; " + string.Join(", ", machine.Select(fact => $"{fact.Key} {fact.Value}")));
        output.WriteLine();
    }

    /// <summary>A sentence below or between tables.</summary>
    public void Note(string text)
    {
        output.WriteLine(text);
        output.WriteLine();
    }

    /// <summary>A table; the first column is text, the others are aligned right.</summary>
    public void Table(IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        var lines = rows.Prepend(headings).ToList();
        var widths = Enumerable.Range(0, headings.Count).Select(column => lines.Max(line => line[column].Length)).ToArray();
        output.WriteLine(Line(headings));
        output.WriteLine("|" + string.Join("|", widths.Select((width, column) => column == 0 ? new string('-', width + 2) : new string('-', width + 1) + ":")) + "|");
        foreach (var row in lines.Skip(1))
            output.WriteLine(Line(row));
        output.WriteLine();

        string Line(IReadOnlyList<string> cells) =>
            "| " + string.Join(" | ", cells.Select((cell, column) => column == 0 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))) + " |";
    }

    /// <summary>A number with a fixed number of decimals, independent of the machine's language.</summary>
    public static string Number(double value, int decimals = 1) => value.ToString("F" + decimals, CultureInfo.InvariantCulture);

    /// <summary>How many times the base a value is, such as <c>1.07×</c>.</summary>
    public static string Ratio(double value, double @base) => Number(value / @base, 2) + "×";
}
