namespace Kiban.Loader.Checksums;

/// <summary>The stretches of one file that are in place. Neighbours are joined, so a complete file is one stretch with the checksum of the whole.</summary>
internal sealed class SegmentSet
{
    private readonly List<Segment> _segments = [];

    /// <summary>In order, none touching the next.</summary>
    public IReadOnlyList<Segment> Segments => _segments;

    /// <summary>Bytes in place.</summary>
    public long Length { get; private set; }

    /// <summary>Adds a stretch.</summary>
    /// <exception cref="ArgumentException">Some of it is in place already.</exception>
    public void Add(Segment segment)
    {
        if (segment.Length == 0)
            return;
        var index = IndexAfter(segment.Offset);
        if ((index > 0 && _segments[index - 1].End > segment.Offset) || (index < _segments.Count && _segments[index].Offset < segment.End))
            throw new ArgumentException($"Bytes {segment.Offset} to {segment.End} are in place already.", nameof(segment));

        Length += segment.Length;
        if (index < _segments.Count && _segments[index].Offset == segment.End)
        {
            segment = segment.Then(_segments[index]);
            _segments.RemoveAt(index);
        }

        if (index > 0 && _segments[index - 1].End == segment.Offset)
            _segments[index - 1] = _segments[index - 1].Then(segment);
        else
            _segments.Insert(index, segment);
    }

    /// <summary>What is missing of the first <paramref name="size"/> bytes, in order.</summary>
    public IEnumerable<(long Offset, long Length)> Gaps(long size)
    {
        long position = 0;
        foreach (var segment in _segments)
        {
            if (segment.Offset > position)
                yield return (position, Math.Min(segment.Offset, size) - position);
            position = segment.End;
        }

        if (position < size)
            yield return (position, size - position);
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _segments.Clear();
        Length = 0;
    }

    private int IndexAfter(long offset)
    {
        int low = 0, high = _segments.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_segments[middle].Offset <= offset)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
