using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Kiban.Loader.Checksums;

namespace Kiban.Loader.Journals;

/// <summary>
/// Bytes of the journal: eight bytes that name the form, then records of length (4 bytes), CRC-32C (4 bytes), kind (1 byte) and fields, all
/// little-endian. A record that does not match its checksum ends the journal: a power cut leaves such a tail.
/// </summary>
internal static class JournalFormat
{
    /// <summary>Bytes before a record's kind.</summary>
    private const int Prefix = 8;

    /// <summary>No record is longer; a length beyond it is no record.</summary>
    private const int LongestRecord = 64 * 1024;

    /// <summary>What a journal begins with.</summary>
    public static ReadOnlySpan<byte> Magic => "KibanJ1\n"u8;

    /// <summary>Appends a record to <paramref name="output"/>.</summary>
    public static void Write(List<byte> output, JournalRecord record)
    {
        var start = output.Count;
        output.AddRange(stackalloc byte[Prefix]);
        switch (record)
        {
            case JournalRecord.Begin begin:
                output.Add(1);
                Add(output, begin.LoadId);
                Add(output, begin.FetchedBytes);
                break;
            case JournalRecord.Begun begun:
                output.Add(2);
                Add(output, begun.Id);
                Add(output, begun.Path);
                Add(output, begun.Size ?? -1);
                Add(output, begun.Version);
                break;
            case JournalRecord.Written written:
                output.Add(3);
                Add(output, written.Id);
                Add(output, written.Segment.Offset);
                Add(output, written.Segment.Length);
                Add(output, written.Segment.Crc32C);
                Add(output, (long)written.Segment.Crc64Nvme);
                break;
            case JournalRecord.Durable durable:
                output.Add(4);
                Add(output, durable.Position);
                break;
            case JournalRecord.Verified verified:
                output.Add(5);
                Add(output, verified.Id);
                Add(output, verified.Size);
                Add(output, verified.ModifiedNanoseconds);
                Add(output, (long)verified.Inode);
                Add(output, verified.Crc32C is { } crc ? crc : -1L);
                break;
            case JournalRecord.Dropped dropped:
                output.Add(6);
                Add(output, dropped.Id);
                break;
            case JournalRecord.Fetched fetched:
                output.Add(7);
                Add(output, fetched.TotalBytes);
                break;
        }

        var bytes = CollectionsMarshal.AsSpan(output)[start..];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length - Prefix);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[4..], Crc32C.Append(0, bytes[Prefix..]));
    }

    /// <summary>The record at the start of <paramref name="bytes"/> and how long it is; null where there is no whole one.</summary>
    public static JournalRecord? Read(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.Length < Prefix)
            return null;
        var size = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (size is <= 0 or > LongestRecord || bytes.Length - Prefix < size)
            return null;
        var fields = bytes.Slice(Prefix, size);
        if (Crc32C.Append(0, fields) != BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]))
            return null;
        length = Prefix + size;
        var kind = fields[0];
        fields = fields[1..];
        return kind switch
        {
            1 => new JournalRecord.Begin(TakeText(ref fields) ?? "", TakeLong(ref fields)),
            2 => new JournalRecord.Begun(TakeNumber(ref fields), TakeText(ref fields) ?? "", TakeLong(ref fields) is >= 0 and var known ? known : null, TakeText(ref fields)),
            3 => new JournalRecord.Written(
                TakeNumber(ref fields), new Segment(TakeLong(ref fields), TakeLong(ref fields), TakeNumber(ref fields), (ulong)TakeLong(ref fields))),
            4 => new JournalRecord.Durable(TakeLong(ref fields)),
            5 => new JournalRecord.Verified(
                TakeNumber(ref fields), TakeLong(ref fields), TakeLong(ref fields), (ulong)TakeLong(ref fields),
                TakeLong(ref fields) is >= 0 and var crc ? (uint)crc : null),
            6 => new JournalRecord.Dropped(TakeNumber(ref fields)),
            7 => new JournalRecord.Fetched(TakeLong(ref fields)),
            _ => null,
        };
    }

    private static void Add(List<byte> output, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        output.AddRange(bytes);
    }

    private static void Add(List<byte> output, long value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, value);
        output.AddRange(bytes);
    }

    private static void Add(List<byte> output, string? text)
    {
        if (text is null)
        {
            Add(output, uint.MaxValue);
            return;
        }

        var start = output.Count;
        var size = Encoding.UTF8.GetByteCount(text);
        CollectionsMarshal.SetCount(output, start + sizeof(uint) + size);
        var bytes = CollectionsMarshal.AsSpan(output)[start..];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, (uint)size);
        Encoding.UTF8.GetBytes(text, bytes[sizeof(uint)..]);
    }

    private static uint TakeNumber(ref ReadOnlySpan<byte> fields)
    {
        var value = BinaryPrimitives.ReadUInt32LittleEndian(fields);
        fields = fields[sizeof(uint)..];
        return value;
    }

    private static long TakeLong(ref ReadOnlySpan<byte> fields)
    {
        var value = BinaryPrimitives.ReadInt64LittleEndian(fields);
        fields = fields[sizeof(long)..];
        return value;
    }

    private static string? TakeText(ref ReadOnlySpan<byte> fields)
    {
        var size = TakeNumber(ref fields);
        if (size == uint.MaxValue)
            return null;
        var text = Encoding.UTF8.GetString(fields[..(int)size]);
        fields = fields[(int)size..];
        return text;
    }
}
