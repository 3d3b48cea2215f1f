namespace Kiban.Cli.Terminal;

/// <summary>How a command prints its result.</summary>
internal enum OutputFormat
{
    /// <summary>For people.</summary>
    Text,

    /// <summary>For programs; what is meant for people then goes to standard error only.</summary>
    Json,
}
