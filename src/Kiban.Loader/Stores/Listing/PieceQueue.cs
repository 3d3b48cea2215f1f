using System.Threading.Channels;

namespace Kiban.Loader.Stores.Listing;

/// <summary>Pieces of a listing that wait for a reader. It is at its end when none waits and none is read.</summary>
internal sealed class PieceQueue
{
    private readonly Channel<Piece> _waiting = Channel.CreateUnbounded<Piece>();
    private int _unfinished;
    private int _idle;

    /// <param name="first">The piece that is cut into others.</param>
    public PieceQueue(Piece first) => Add(first);

    /// <summary>Whether a reader has nothing to do.</summary>
    public bool HasIdle => Volatile.Read(ref _idle) > 0;

    /// <summary>Adds a piece; called by the reader of another.</summary>
    public void Add(Piece piece)
    {
        Interlocked.Increment(ref _unfinished);
        _waiting.Writer.TryWrite(piece);
    }

    /// <summary>A piece to read; null at the end.</summary>
    public async Task<Piece?> TakeAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _idle);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(cancellationToken))
            {
                if (_waiting.Reader.TryRead(out var piece))
                    return piece;
            }

            return null;
        }
        finally
        {
            Interlocked.Decrement(ref _idle);
        }
    }

    /// <summary>A piece is read to its end.</summary>
    public void Finished()
    {
        if (Interlocked.Decrement(ref _unfinished) == 0)
            _waiting.Writer.Complete();
    }
}
