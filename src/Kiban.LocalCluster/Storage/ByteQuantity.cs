using System.Globalization;
using k8s.Models;

namespace Kiban.LocalCluster.Storage;

/// <summary>Bytes as <see href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/">quantities</see>.</summary>
internal static class ByteQuantity
{
    private static readonly string[] Suffixes = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

    /// <summary>The canonical form: the largest binary unit of which it is a whole number.</summary>
    public static string Of(long bytes)
    {
        var unit = 0;
        while (bytes != 0 && bytes % 1024 == 0 && unit < Suffixes.Length - 1)
        {
            bytes /= 1024;
            unit++;
        }

        return bytes.ToString(CultureInfo.InvariantCulture) + Suffixes[unit];
    }

    /// <summary>Whole bytes, rounded up.</summary>
    public static long InBytes(this ResourceQuantity quantity) => (long)Math.Ceiling(quantity.ToDecimal());
}
