namespace Kiban.Datasets.Declaring;

/// <summary>How Pods wait for a claim's data.</summary>
public enum WaitMode
{
    /// <summary>They are not scheduled, and hold nothing (servers with scheduling gates; an init container on others).</summary>
    Schedule,

    /// <summary>They are scheduled, and an init container waits.</summary>
    Start,

    /// <summary>They do not.</summary>
    Never,
}
