return await Kiban.Loader.Commands.LoaderCommandLine.RunAsync(args).ConfigureAwait(false);
