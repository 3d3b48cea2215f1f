using Kiban.Loader.Checksums;
using Kiban.Loader.Journals;

namespace Kiban.Loader.Loading;

/// <summary>Writes one range to its file piece by piece, and records each piece that is whole.</summary>
internal sealed class RangeWriter(FileRange range, Journal journal, LoadCounters counters)
{
    /// <summary>After so many bytes the kernel is told to begin to write them to the disk.</summary>
    private const long WriteBehindLength = 8 * 1024 * 1024;

    private readonly bool _needsCrc64 = range.File.Checksums?.Crc64Nvme is not null;
    private Segment _piece = new(range.Offset, 0, 0, 0);
    private long _behind = range.Offset;
    private long _before = range.Offset;

    /// <summary>Bytes written from the range's start.</summary>
    public long Length => _piece.End - range.Offset;

    /// <summary>Bytes that are not recorded yet.</summary>
    public long PieceBytes => _piece.Length;

    /// <summary>Writes what comes next.</summary>
    /// <returns>Zero: how much of the buffer is still in use.</returns>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return 0;
        range.File.Write(bytes, _piece.End);
        _piece = new Segment(
            _piece.Offset,
            _piece.Length + bytes.Length,
            Crc32C.Append(_piece.Crc32C, bytes),
            _needsCrc64 ? Crc64Nvme.Append(_piece.Crc64Nvme, bytes) : 0);
        return 0;
    }

    /// <summary>Records the bytes since the last piece.</summary>
    public void FinishPiece()
    {
        if (_piece.Length == 0)
            return;
        range.File.Add(_piece, journal);
        if (_piece.End - _behind >= WriteBehindLength)
        {
            range.File.WriteBehind(_before, _behind, _piece.End);
            (_before, _behind) = (_behind, _piece.End);
        }

        if (!range.File.IsAbandoned)
            counters.AddBytes(_piece.Length);
        _piece = new Segment(_piece.End, 0, 0, 0);
    }
}
