namespace Kiban.Manager;

/// <summary>A setting is not of its type, or there is none of that name.</summary>
public sealed class UnreadableSettingsException(InvalidOperationException inner) : Exception(inner.Message, inner);
