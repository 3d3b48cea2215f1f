using System.Collections.Concurrent;

namespace Kiban.Loader.Loading;

/// <summary>Buffers between sockets and files. No more than there are connections ever exist, so memory does not grow with what is loaded.</summary>
/// <param name="size">Size of each, bytes.</param>
internal sealed class BufferPool(int size)
{
    // The one that was used last is the one that is still in the processor's cache.
    private readonly ConcurrentStack<byte[]> _free = [];

    /// <summary>Takes one.</summary>
    public byte[] Rent() => _free.TryPop(out var buffer) ? buffer : GC.AllocateUninitializedArray<byte>(size, pinned: true);

    /// <summary>Gives one back.</summary>
    public void Return(byte[] buffer) => _free.Push(buffer);
}
