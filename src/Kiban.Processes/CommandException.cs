namespace Kiban.Processes;

/// <summary>A program of the machine could not be started, or failed; the message says which, and what it complained of.</summary>
public sealed class CommandException(string message, Exception? inner = null) : Exception(message, inner);
