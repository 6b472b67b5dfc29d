using System.Text.Json;

namespace Bank.StreamStore.Streams;

/// <summary>How deletions are noted: as messages of a stream of the store itself.</summary>
public static class Deleted
{
    /// <summary>The stream that notes deletions.</summary>
    public const string DeletedStreamId = "$deleted";

    /// <summary>The type of the message that notes the deletion of a stream.</summary>
    public const string StreamDeletedMessageType = "$stream-deleted";

    /// <summary>The type of the message that notes the deletion of a message.</summary>
    public const string MessageDeletedMessageType = "$message-deleted";

    /// <summary>Notes that a stream was deleted.</summary>
    public static NewStreamMessage CreateStreamDeletedMessage(string streamId) =>
        Note(StreamDeletedMessageType, new StreamDeleted { StreamId = streamId });

    /// <summary>Notes that a message was deleted.</summary>
    public static NewStreamMessage CreateMessageDeletedMessage(string streamId, Guid messageId) =>
        Note(MessageDeletedMessageType, new MessageDeleted { StreamId = streamId, MessageId = messageId });

    private static NewStreamMessage Note<T>(string type, T what) => new(Guid.NewGuid(), type, JsonSerializer.Serialize(what, StreamMessageExtensions.Options));

    /// <summary>A stream was deleted.</summary>
    public class StreamDeleted
    {
        /// <summary>The stream.</summary>
        public string? StreamId;
    }

    /// <summary>A message was deleted.</summary>
    public class MessageDeleted
    {
        /// <summary>Its stream.</summary>
        public string? StreamId;

        /// <summary>The message.</summary>
        public Guid MessageId;
    }
}
