using System.Text;

namespace Bank.StreamStore.Streams;

/// <summary>A stored message.</summary>
public readonly struct StreamMessage
{
    // The text, its UTF-8 bytes, or what fetches the text.
    private readonly object? data;

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
        : this(streamId, messageId, streamVersion, position, createdUtc, type, jsonMetadata) => data = jsonData;

    /// <summary>Makes a message that fetches its data when asked.</summary>
    public StreamMessage(
        string streamId, Guid messageId, int streamVersion, long position, DateTime createdUtc, string type, string jsonMetadata,
        Func<CancellationToken, Task<string?>> getJsonData)
        : this(streamId, messageId, streamVersion, position, createdUtc, type, jsonMetadata) => data = getJsonData;

    /// <summary>Makes a message of what a database gave: its data as bytes or as what fetches it, and the age in seconds beyond which it counts as gone.</summary>
    internal StreamMessage(
        string streamId, Guid messageId, int streamVersion, long position, DateTime createdUtc, string type, string jsonMetadata, object? data, int? maxAge)
        : this(streamId, messageId, streamVersion, position, createdUtc, type, jsonMetadata)
    {
        this.data = data;
        MaxAge = maxAge;
    }

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

    internal int? MaxAge { get; }

    /// <summary>The same message with metadata, and with data unless they are null.</summary>
    internal StreamMessage Filled(string jsonMetadata, byte[]? jsonData) =>
        new(StreamId, MessageId, StreamVersion, Position, CreatedUtc, Type, jsonMetadata, jsonData ?? data, MaxAge);

    /// <summary>The data, a JSON text; null when it is no longer there.</summary>
    public Task<string?> GetJsonData(CancellationToken cancellationToken = default) => data switch
    {
        byte[] bytes => Task.FromResult<string?>(Encoding.UTF8.GetString(bytes)),
        Func<CancellationToken, Task<string?>> fetch => fetch(cancellationToken),
        _ => Task.FromResult((string?)data),
    };

    /// <summary>The data as JSON in UTF-8; empty when it is no longer there. From PostgreSQL the bytes as they came, without a text made of them.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> GetJsonDataUtf8(CancellationToken cancellationToken = default) =>
        data is byte[] bytes ? bytes : Encoding.UTF8.GetBytes(await GetJsonData(cancellationToken) ?? "");

    /// <inheritdoc />
    public override string ToString() => $"MessageId={MessageId} StreamId={StreamId} StreamVersion={StreamVersion} Position={Position} Type={Type}";
}
