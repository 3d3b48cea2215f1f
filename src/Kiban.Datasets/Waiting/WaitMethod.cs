namespace Kiban.Datasets.Waiting;

/// <summary>How a new Pod is held until its data is there.</summary>
internal enum WaitMethod
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By a scheduling gate: it has no node, and holds nothing.</summary>
    Gate,

    /// <summary>By an init container: it has a node, and what it asks for there.</summary>
    InitContainer,
}
