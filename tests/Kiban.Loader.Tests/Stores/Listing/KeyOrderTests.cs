using System.Text;
using CsCheck;
using Kiban.Loader.Stores.Listing;

namespace Kiban.Loader.Tests.Stores.Listing;

public sealed class KeyOrderTests
{
    private static readonly string[] Letters = ["a", "b", "/", "\0", "é", "\uffff", "\ue000", "\U0001F40D", "\U0010FFFF"];

    private static readonly Gen<string> Key = Gen.Int[0, Letters.Length - 1].Array[0, 6].Select(parts => string.Concat(parts.Select(part => Letters[part])));

    [Fact]
    public void Order_is_that_of_the_bytes() => Gen.Select(Key, Key).Sample((first, second) =>
        Math.Sign(KeyOrder.Compare(first, second)) == Math.Sign(Encoding.UTF8.GetBytes(first).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(second))));
}
