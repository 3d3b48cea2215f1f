using System.Text;

namespace Kiban.ObjectStore.Testing.Buckets;

/// <summary>Orders keys by the bytes of their UTF-8, as S3 and Google do; UTF-16 would put some letters elsewhere.</summary>
internal sealed class KeyComparer : IComparer<string>
{
    public static readonly KeyComparer Instance = new();

    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
            return string.CompareOrdinal(x, y);
        var common = x.AsSpan().CommonPrefixLength(y);
        if (common == x.Length || common == y.Length)
            return x.Length.CompareTo(y.Length);
        return !char.IsSurrogate(x[common]) && !char.IsSurrogate(y[common])
            ? x[common].CompareTo(y[common])
            : Encoding.UTF8.GetBytes(x).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y));
    }
}
