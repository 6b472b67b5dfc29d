namespace Bank.StreamStore.Streams;

/// <summary>A message to append.</summary>
public class NewStreamMessage
{
    /// <summary>The data, a JSON text.</summary>
    public readonly string JsonData;

    /// <summary>Identifies the message within its stream.</summary>
    public readonly Guid MessageId;

    /// <summary>What kind of message it is; at most 128 characters.</summary>
    public readonly string Type;

    /// <summary>Further data about the message, a JSON text; empty for none.</summary>
    public readonly string JsonMetadata;

    private const int LongestType = 128;

    /// <summary>Makes a message.</summary>
    /// <exception cref="ArgumentException">The id, type or data is empty, or the type has more than 128 characters, or contains U+0000 or half of a surrogate pair.</exception>
    public NewStreamMessage(Guid messageId, string type, string jsonData, string? jsonMetadata = null)
    {
        if (messageId == Guid.Empty) throw new ArgumentException("messageId: is empty.", nameof(messageId));
        ArgumentException.ThrowIfNullOrEmpty(type);
        ArgumentException.ThrowIfNullOrEmpty(jsonData);
        if (type.Length > LongestType) throw new ArgumentException($"type: has {type.Length} characters; at most {LongestType} are stored.", nameof(type));
        if (!StreamStoreArguments.IsStorable(type)) throw new ArgumentException("type: contains U+0000 or half of a surrogate pair.", nameof(type));
        MessageId = messageId;
        Type = type;
        JsonData = jsonData;
        JsonMetadata = jsonMetadata ?? "";
    }
}
