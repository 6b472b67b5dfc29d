using System.Buffers;
using System.Collections.Concurrent;

namespace Bank.ServiceBus.Pipeline;

/// <summary>Buffers that bodies are written into, used again and again; a body itself lasts until it was sent, and is exactly as long as it must be.</summary>
internal sealed class BodyBuffers
{
    private const int FirstBytes = 1024;
    // One large message must not hold its memory for ever.
    private const int MostBytesKept = 256 * 1024;

    private readonly ConcurrentBag<ArrayBufferWriter<byte>> idle = [];

    /// <summary>What somebody writes, as an array of its own.</summary>
    public byte[] Write<T>(T value, Action<T, IBufferWriter<byte>> write)
    {
        var buffer = idle.TryTake(out var used) ? used : new ArrayBufferWriter<byte>(FirstBytes);
        write(value, buffer);
        var body = buffer.WrittenSpan.ToArray();
        buffer.ResetWrittenCount();
        if (buffer.Capacity <= MostBytesKept) idle.Add(buffer);
        return body;
    }
}
