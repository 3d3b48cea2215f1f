namespace Kiban.Loader.Stores.Connections;

/// <summary>Words of a server in a message: cut, and without what could disturb a terminal or a log.</summary>
internal static class ServerText
{
    private const int Longest = 200;

    public static string Clean(string? text)
    {
        var clean = string.Concat((text ?? "").Trim().TrimEnd('.').Take(Longest).Select(letter => char.IsControl(letter) ? ' ' : letter));
        return clean.Length == 0 ? "no reason given" : clean;
    }
}
