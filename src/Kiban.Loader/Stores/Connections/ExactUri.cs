namespace Kiban.Loader.Stores.Connections;

/// <summary>Addresses that are sent as they are written: signatures and keys depend on every character.</summary>
internal static class ExactUri
{
    public static Uri Create(string text) => new(text, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
}
