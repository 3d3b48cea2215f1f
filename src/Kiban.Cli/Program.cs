using System.CommandLine;
using Kiban.Cli.Images;

return await new RootCommand("Kiban on this machine") { ImagesCommand.Create() }.Parse(args).InvokeAsync();
