namespace Bank.StreamStore.Streams;

/// <summary>The direction of a read.</summary>
public enum ReadDirection
{
    /// <summary>Oldest first.</summary>
    Forward,

    /// <summary>Newest first.</summary>
    Backward,
}

/// <summary>Whether a stream was there to read.</summary>
public enum PageReadStatus
{
    /// <summary>It was.</summary>
    Success,

    /// <summary>It was not.</summary>
    StreamNotFound,
}

/// <summary>Reads the next page of a stream.</summary>
public delegate Task<ReadStreamPage> ReadNextStreamPage(int nextVersion, CancellationToken cancellationToken);

/// <summary>Reads the next page of the all-stream.</summary>
public delegate Task<ReadAllPage> ReadNextAllPage(long nextPosition, CancellationToken cancellationToken);

/// <summary>Reads the next page of a list of streams.</summary>
public delegate Task<ListStreamsPage> ListNextStreamsPage(string? continuationToken, CancellationToken cancellationToken = default);

/// <summary>A page of one stream.</summary>
public sealed class ReadStreamPage(
    string streamId, PageReadStatus status, int fromStreamVersion, int nextStreamVersion, int lastStreamVersion, long lastStreamPosition,
    ReadDirection direction, bool isEnd, ReadNextStreamPage? readNext = null, StreamMessage[]? messages = null)
{
    /// <summary>The messages.</summary>
    public readonly StreamMessage[] Messages = messages ?? [];

    /// <summary>Where the read began, as asked.</summary>
    public readonly int FromStreamVersion = fromStreamVersion;

    /// <summary>Whether there is nothing more in this direction.</summary>
    public readonly bool IsEnd = isEnd;

    /// <summary>The version of the newest message that the stream was given, whether it is still there or not; -1 for none.</summary>
    public readonly int LastStreamVersion = lastStreamVersion;

    /// <summary>The position of the newest message that the stream was given, whether it is still there or not; -1 for none.</summary>
    public readonly long LastStreamPosition = lastStreamPosition;

    /// <summary>Where the next page begins; -1 when there is none going backwards.</summary>
    public readonly int NextStreamVersion = nextStreamVersion;

    /// <summary>The direction.</summary>
    public readonly ReadDirection ReadDirection = direction;

    /// <summary>Whether the stream was there.</summary>
    public readonly PageReadStatus Status = status;

    /// <summary>The stream.</summary>
    public readonly string StreamId = streamId;

    /// <summary>Reads the next page.</summary>
    /// <exception cref="NotSupportedException">The page was made without a way to go on.</exception>
    public Task<ReadStreamPage> ReadNext(CancellationToken cancellationToken = default) =>
        readNext is null ? throw new NotSupportedException("This page does not know how to read the next.") : readNext(NextStreamVersion, cancellationToken);
}

/// <summary>A page of the all-stream.</summary>
public sealed class ReadAllPage(
    long fromPosition, long nextPosition, bool isEnd, ReadDirection direction, ReadNextAllPage readNext, StreamMessage[]? messages = null)
{
    /// <summary>Where the page begins.</summary>
    public readonly long FromPosition = fromPosition;

    /// <summary>Where the next page begins.</summary>
    public readonly long NextPosition = nextPosition;

    /// <summary>Whether there is nothing more in this direction.</summary>
    public readonly bool IsEnd = isEnd;

    /// <summary>The direction.</summary>
    public readonly ReadDirection Direction = direction;

    /// <summary>The messages.</summary>
    public readonly StreamMessage[] Messages = messages ?? [];

    /// <summary>Reads the next page.</summary>
    public Task<ReadAllPage> ReadNext(CancellationToken cancellationToken = default) => readNext(NextPosition, cancellationToken);
}

/// <summary>A page of stream names.</summary>
public sealed class ListStreamsPage(string? continuationToken, string[] streamIds, ListNextStreamsPage listNextStreamsPage)
{
    /// <summary>The names.</summary>
    public string[] StreamIds { get; } = streamIds;

    /// <summary>Where the next page begins; an empty page has the token that it was asked with.</summary>
    public string? ContinuationToken { get; } = continuationToken;

    /// <summary>Reads the next page.</summary>
    public Task<ListStreamsPage> Next(CancellationToken cancellationToken = default) => listNextStreamsPage(ContinuationToken, cancellationToken);
}

/// <summary>What an append led to.</summary>
public class AppendResult(int currentVersion, long currentPosition)
{
    /// <summary>Version of the newest message that the stream was given; -1 for an empty stream. After an empty append at a version, which is not checked, that version.</summary>
    public readonly int CurrentVersion = currentVersion;

    /// <summary>Position of the newest message that the stream was given; -1 for an empty stream. After an empty append at a version, the head position of the store.</summary>
    public readonly long CurrentPosition = currentPosition;
}
