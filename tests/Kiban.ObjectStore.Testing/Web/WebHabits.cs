namespace Kiban.ObjectStore.Testing.Web;

/// <summary>What a web server does and leaves undone.</summary>
public sealed class WebHabits
{
    /// <summary>Whether it gives parts of a file.</summary>
    public bool ServesRanges { get; set; } = true;

    /// <summary>Whether it answers HEAD.</summary>
    public bool ServesHead { get; set; } = true;

    /// <summary>Whether it has ETags.</summary>
    public bool HasETags { get; set; } = true;

    /// <summary>Whether its ETags are weak.</summary>
    public bool HasWeakETags { get; set; }

    /// <summary>Whether it says when a file changed.</summary>
    public bool HasLastModified { get; set; } = true;

    /// <summary>Whether it says how long a file is.</summary>
    public bool TellsLength { get; set; } = true;
}
