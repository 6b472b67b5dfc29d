using System.Buffers.Binary;
using System.Text;

namespace Bank.StreamStore.Infrastructure;

/// <summary>Ids of messages that follow from what they are.</summary>
public static class DeterministicGuidGeneratorExtensions
{
    /// <summary>The id of a message that is appended to a stream at a version: the same text at the same place has the same id.</summary>
    /// <remarks>The source is the message in UTF-8, then the version in four bytes, little-endian, then the stream's name in UTF-8.</remarks>
    public static Guid Create(this DeterministicGuidGenerator generator, string streamId, int expectedVersion, string message)
    {
        ArgumentNullException.ThrowIfNull(generator);
        var messageLength = Encoding.UTF8.GetByteCount(message);
        var source = new byte[messageLength + sizeof(int) + Encoding.UTF8.GetByteCount(streamId)];
        Encoding.UTF8.GetBytes(message, source);
        BinaryPrimitives.WriteInt32LittleEndian(source.AsSpan(messageLength), expectedVersion);
        Encoding.UTF8.GetBytes(streamId, source.AsSpan(messageLength + sizeof(int)));
        return generator.Create(source);
    }
}
