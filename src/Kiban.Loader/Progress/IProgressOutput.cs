namespace Kiban.Loader.Progress;

/// <summary>Shows progress.</summary>
internal interface IProgressOutput
{
    /// <summary>Shows where the load is.</summary>
    /// <param name="line">Where.</param>
    /// <param name="isChange">Whether it went on to another state, or is asked for for the last time.</param>
    void Show(ProgressLine line, bool isChange);
}
