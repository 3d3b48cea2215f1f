namespace Kiban.Loader.Stores.Listing;

/// <summary>The order in which buckets list keys: by the bytes of their UTF-8. UTF-16 would put some letters elsewhere.</summary>
internal static class KeyOrder
{
    /// <summary>Below zero where the first comes first.</summary>
    public static int Compare(string first, string second)
    {
        var common = first.AsSpan().CommonPrefixLength(second);
        if (common == first.Length || common == second.Length)
            return first.Length.CompareTo(second.Length);
        return Rank(first[common]).CompareTo(Rank(second[common]));
    }

    /// <summary>Surrogates stand for characters behind all that have no need of them, but have smaller numbers than some.</summary>
    private static int Rank(char letter) => char.IsSurrogate(letter) ? letter + 0x10000 : letter;
}
