using Kiban.Bench;
using Kiban.Bench.Reporting;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, interrupt) =>
{
    interrupt.Cancel = true;
    stop.Cancel();
};

return await BenchmarkCommand.RunAsync(args, Console.Out, Console.Error, stop.Token);
