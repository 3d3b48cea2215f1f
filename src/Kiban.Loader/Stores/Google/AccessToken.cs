namespace Kiban.Loader.Stores.Google;

/// <summary>A token that is good for a while. Not a record, so that nothing prints it.</summary>
internal sealed class AccessToken(string value, DateTimeOffset end)
{
    /// <summary>What goes into the header.</summary>
    public string Value => value;

    /// <summary>When it ends.</summary>
    public DateTimeOffset End => end;
}
