namespace Bank.StreamStore.Streams;

/// <summary>The metadata of a stream.</summary>
public class StreamMetadataResult(string streamId, int metadataStreamVersion, int? maxAge = null, int? maxCount = null, string? metadataJson = null)
{
    /// <summary>The stream.</summary>
    public readonly string StreamId = streamId;

    /// <summary>How often the metadata was changed after it was set first; -1 when it was never set.</summary>
    public readonly int MetadataStreamVersion = metadataStreamVersion;

    /// <summary>Seconds after which a message is no longer read; null or less than 1 for no limit.</summary>
    public readonly int? MaxAge = maxAge;

    /// <summary>How many of the newest messages are kept; null or less than 1 for no limit.</summary>
    public readonly int? MaxCount = maxCount;

    /// <summary>Whatever else was said about the stream; null for nothing.</summary>
    public readonly string? MetadataJson = metadataJson;
}
