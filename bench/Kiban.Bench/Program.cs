using System.Runtime.InteropServices;
using Kiban.Bench;
using Kiban.Bench.Reporting;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, interrupt) =>
{
    interrupt.Cancel = true;
    stop.Cancel();
};
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
{
    signal.Cancel = true;
    stop.Cancel();
});

return await BenchmarkCommand.RunAsync(args, Console.Out, Console.Error, stop.Token);
