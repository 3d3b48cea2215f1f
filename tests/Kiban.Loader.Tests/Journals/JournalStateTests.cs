using CsCheck;
using Kiban.Loader.Checksums;
using Kiban.Loader.Journals;

namespace Kiban.Loader.Tests.Journals;

public sealed class JournalStateTests
{
    private static readonly JournalRecord[] Story =
    [
        new JournalRecord.Begin("load-1", 100),
        new JournalRecord.Begun(1, "a/基", 20, "\"v1\""),
        new JournalRecord.Written(1, new Segment(0, 10, 11, 12)),
        new JournalRecord.Begun(2, "b", null, null),
        new JournalRecord.Fetched(1_000),
        new JournalRecord.Written(1, new Segment(10, 10, 13, 14)),
        new JournalRecord.Verified(1, 20, -5, 77, 0xFFFFFFFF),
        new JournalRecord.Dropped(2),
        new JournalRecord.Begun(3, "b", 5, "v"),
    ];

    [Fact]
    public void What_was_recorded_is_read_back()
    {
        var state = JournalState.Read(Bytes(Story));

        state.LoadId.ShouldBe("load-1");
        state.FetchedBytes.ShouldBe(1_000);
        state.Files.Select(file => (file.Id, file.Path)).ShouldBe([(1u, "a/基"), (3u, "b")]);
        var first = state.Files[0];
        (first.Size, first.Version).ShouldBe((20, "\"v1\""));
        first.Durable.ShouldBeEmpty();
        first.Unproven.ShouldBe([new Segment(0, 10, 11, 12), new Segment(10, 10, 13, 14)]);
        first.Verified.ShouldBe(new JournalRecord.Verified(1, 20, -5, 77, 0xFFFFFFFF));
    }

    [Fact]
    public void Only_what_lies_below_a_sync_is_durable()
    {
        var position = Bytes(Story[..5]).Length;
        var state = JournalState.Read(Bytes([.. Story, new JournalRecord.Durable(position)]));

        state.Files[0].Durable.ShouldBe([new Segment(0, 10, 11, 12)]);
        state.Files[0].Unproven.ShouldBe([new Segment(10, 10, 13, 14)]);
    }

    [Fact]
    public void A_torn_or_spoilt_tail_is_as_if_it_had_not_been_written()
    {
        var bytes = Bytes(Story);
        var ends = Enumerable.Range(0, Story.Length + 1).Select(count => Bytes(Story[..count]).Length).ToArray();
        Gen.Select(Gen.Int[0, bytes.Length], Gen.Byte.Array[0, 40]).Sample((cut, rubbish) =>
        {
            var whole = ends.TakeWhile(end => end <= cut).Count() - 1;
            var expected = whole < 0 ? JournalState.Empty : JournalState.Read(Bytes(Story[..whole]));

            Same(JournalState.Read(bytes.AsSpan(0, cut)), expected);
            // Rubbish that happens to be a record would have to guess a checksum.
            Same(JournalState.Read([.. bytes[..(whole < 0 ? cut : ends[whole])], .. rubbish]), expected);
        });
    }

    [Fact]
    public void A_flipped_bit_ends_the_journal_there()
    {
        var bytes = Bytes(Story);
        var ends = Enumerable.Range(0, Story.Length + 1).Select(count => Bytes(Story[..count]).Length).ToArray();
        Gen.Int[ends[0], bytes.Length - 1].Sample(at =>
        {
            byte[] spoilt = [.. bytes];
            spoilt[at] ^= 0x10;
            Same(JournalState.Read(spoilt), JournalState.Read(Bytes(Story[..(ends.TakeWhile(end => end <= at).Count() - 1)])));
        });
    }

    private static void Same(JournalState found, JournalState expected)
    {
        (found.LoadId, found.FetchedBytes).ShouldBe((expected.LoadId, expected.FetchedBytes));
        found.Files.Select(file => (file.Id, file.Path, file.Verified, file.Unproven.Count, file.Durable.Count))
            .ShouldBe(expected.Files.Select(file => (file.Id, file.Path, file.Verified, file.Unproven.Count, file.Durable.Count)));
    }

    private static byte[] Bytes(IEnumerable<JournalRecord> records)
    {
        var output = new List<byte>();
        output.AddRange(JournalFormat.Magic);
        foreach (var record in records)
            JournalFormat.Write(output, record);
        return [.. output];
    }
}
