using Kiban.Cli;

return await KibanCommandLine.RunAsync(args);
