namespace Bank.StreamStore.Streams;

/// <summary>A stored message.</summary>
public readonly struct StreamMessage
{
    private readonly string? jsonData;
    private readonly Func<CancellationToken, Task<string?>>? getJsonData;

    /// <summary>The place in the all-stream.</summary>
    public readonly long Position;

    /// <summary>When it was stored, UTC.</summary>
    public readonly DateTime CreatedUtc;

    /// <summary>Identifies the message within its stream.</summary>
    public readonly Guid MessageId;

    /// <summary>Further data about the message, a JSON text; empty for none.</summary>
    public readonly string JsonMetadata;

    /// <summary>The place in its stream.</summary>
    public readonly int StreamVersion;

    /// <summary>Its stream.</summary>
    public readonly string StreamId;

    /// <summary>What kind of message it is.</summary>
    public readonly string Type;

    /// <summary>Makes a message that holds its data.</summary>
    public StreamMessage(string streamId, Guid messageId, int streamVersion, long position, DateTime createdUtc, string type, string jsonMetadata, string jsonData)
        : this(streamId, messageId, streamVersion, position, createdUtc, type, jsonMetadata) => this.jsonData = jsonData;

    /// <summary>Makes a message that fetches its data when asked.</summary>
    public StreamMessage(
        string streamId, Guid messageId, int streamVersion, long position, DateTime createdUtc, string type, string jsonMetadata,
        Func<CancellationToken, Task<string?>> getJsonData)
        : this(streamId, messageId, streamVersion, position, createdUtc, type, jsonMetadata) => this.getJsonData = getJsonData;

    private StreamMessage(string streamId, Guid messageId, int streamVersion, long position, DateTime createdUtc, string type, string jsonMetadata)
    {
        StreamId = streamId;
        MessageId = messageId;
        StreamVersion = streamVersion;
        Position = position;
        CreatedUtc = createdUtc;
        Type = type;
        JsonMetadata = jsonMetadata;
    }

    /// <summary>The data, a JSON text; null when it is no longer there.</summary>
    public Task<string?> GetJsonData(CancellationToken cancellationToken = default) =>
        getJsonData is null ? Task.FromResult(jsonData) : getJsonData(cancellationToken);

    /// <inheritdoc />
    public override string ToString() => $"MessageId={MessageId} StreamId={StreamId} StreamVersion={StreamVersion} Position={Position} Type={Type}";
}
