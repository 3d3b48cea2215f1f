namespace Kiban.Datasets.Declaring;

/// <summary>How Pods wait, where an annotation may be wrong.</summary>
internal static class WaitModes
{
    /// <summary>What the annotation's value asks for; whatever it is, and whatever else is wrong with the claim, a Pod waits rather than starts.</summary>
    public static WaitMode Of(string? text) => text switch
    {
        "start" => WaitMode.Start,
        "never" => WaitMode.Never,
        _ => WaitMode.Schedule,
    };
}
