using System.Text;
using CsCheck;
using Kiban.Loader.Checksums;

namespace Kiban.Loader.Tests.Checksums;

public sealed class ChecksumTests
{
    private static readonly byte[] Check = Encoding.ASCII.GetBytes("123456789");

    /// <summary>Lengths around the sizes at which the fast ways change.</summary>
    private static readonly Gen<byte[]> Data = Gen.Frequency((1, Gen.Byte.Array[0, 600]), (1, Gen.Byte.Array[12_200, 12_400]), (1, Gen.Byte.Array[24_000, 40_000]));

    [Fact]
    public void Known_answers_are_given()
    {
        // The check values of the catalogue of parametrised CRC algorithms (reveng.sourceforge.io).
        Crc32C.Append(0, Check).ShouldBe(0xE3069283u);
        Crc64Nvme.Append(0, Check).ShouldBe(0xAE8B14860A799888ul);
    }

    [Fact]
    public void The_fast_ways_agree_with_the_tables() => Data.Sample(data =>
    {
        Crc32C.Append(0, data).ShouldBe(Crc32C.AppendByTable(0, data));
        Crc64Nvme.Append(0, data).ShouldBe(Crc64Nvme.AppendByTables(0, data));
    });

    [Fact]
    public void Parts_can_be_continued_and_composed() => Gen.Select(Data, Gen.Double[0, 1]).Sample((data, where) =>
    {
        var cut = (int)(data.Length * where);
        ReadOnlySpan<byte> all = data, first = all[..cut], second = all[cut..];

        Crc32C.Append(Crc32C.Append(0, first), second).ShouldBe(Crc32C.Append(0, all));
        Crc32C.Combine(Crc32C.Append(0, first), Crc32C.Append(0, second), second.Length).ShouldBe(Crc32C.Append(0, all));
        Crc64Nvme.Append(Crc64Nvme.Append(0, first), second).ShouldBe(Crc64Nvme.Append(0, all));
        Crc64Nvme.Combine(Crc64Nvme.Append(0, first), Crc64Nvme.Append(0, second), second.Length).ShouldBe(Crc64Nvme.Append(0, all));
    });

    [Fact]
    public void Segments_in_any_order_become_one_with_the_checksum_of_the_whole() =>
        Gen.Select(Data, Gen.Double[0, 1].Array[0, 8], Gen.Int).Sample((data, cuts, seed) =>
        {
            var bounds = cuts.Select(cut => (int)(data.Length * cut)).Append(0).Append(data.Length).Order().ToArray();
            var segments = bounds.Zip(bounds[1..], (start, end) =>
                new Segment(start, end - start, Crc32C.Append(0, data.AsSpan(start, end - start)), Crc64Nvme.Append(0, data.AsSpan(start, end - start)))).ToArray();
            new Random(seed).Shuffle(segments);

            var set = new SegmentSet();
            foreach (var segment in segments)
            {
                set.Gaps(data.Length).Sum(gap => gap.Length).ShouldBe(data.Length - set.Length);
                set.Add(segment);
            }

            set.Gaps(data.Length).ShouldBeEmpty();
            if (data.Length > 0)
                set.Segments.ShouldBe([new Segment(0, data.Length, Crc32C.Append(0, data), Crc64Nvme.Append(0, data))]);
        });

    [Fact]
    public void Bytes_cannot_be_put_in_place_twice()
    {
        var set = new SegmentSet();
        set.Add(new Segment(10, 10, 0, 0));

        Should.Throw<ArgumentException>(() => set.Add(new Segment(5, 6, 0, 0)));
        Should.Throw<ArgumentException>(() => set.Add(new Segment(19, 5, 0, 0)));
        Should.Throw<ArgumentException>(() => set.Add(new Segment(12, 2, 0, 0)));
        set.Gaps(30).ShouldBe([(0, 10), (20, 10)]);
    }
}
