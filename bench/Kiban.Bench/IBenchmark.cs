namespace Kiban.Bench;

/// <summary>One measurement that can be chosen on the command line.</summary>
internal interface IBenchmark
{
    /// <summary>Its word on the command line.</summary>
    string Name { get; }

    /// <summary>One line for the usage text.</summary>
    string Description { get; }

    /// <summary>Measures, and writes tables to <paramref name="report"/>.</summary>
    Task RunAsync(BenchmarkOptions options, Reporting.Report report, CancellationToken cancellationToken);
}
