using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Sql;

/// <summary>The statements of one kind of database. Parameters carry the same names everywhere.</summary>
internal sealed record SqlText
{
    /// <summary>Creates what is missing; may be run at any time.</summary>
    public required string CreateSchema { get; init; }

    /// <summary>Returns the highest position given out, and makes every other writer wait until the end of the transaction.</summary>
    public required string LockHead { get; init; }

    /// <summary>Notes the highest position given out: <c>@position</c>.</summary>
    public required string SetHead { get; init; }

    /// <summary>Returns internal id, version, position and the limit of messages of the stream <c>@id</c>.</summary>
    public required string FindStream { get; init; }

    /// <summary>Creates the stream <c>@id</c>, named <c>@original</c>, with the limits in the stream <c>@limits</c>, and returns its internal id and its limit of messages.</summary>
    public required string InsertStream { get; init; }

    /// <summary>Notes <c>@version</c> and <c>@position</c> of the stream <c>@stream</c>.</summary>
    public required string UpdateStream { get; init; }

    /// <summary>Returns id and version of those of <c>@ids</c> that the stream <c>@stream</c> holds.</summary>
    public required string FindMessages { get; init; }

    /// <summary>Stores a message at <c>@position</c>; or where the database gives the positions, at one that it returns.</summary>
    public required string InsertMessage { get; init; }

    /// <summary>Returns the data of the message at <c>@position</c>, and the segment that has them instead.</summary>
    public required string ReadData { get; init; }

    /// <summary>Returns the highest position.</summary>
    public required string ReadHead { get; init; }

    /// <summary>Returns internal id and name of streams after <c>@after</c> that fit the pattern <c>@value</c>, at most <c>@count</c>.</summary>
    public required Func<Pattern, string> ListStreams { get; init; }

    /// <summary>Returns messages from position <c>@from</c>, each with the age limit of its stream and the segment that has its payload, at most <c>@count</c>.</summary>
    public required Func<bool, bool, string> ReadAll { get; init; }

    /// <summary>Returns messages of the stream <c>@stream</c> from version <c>@from</c>, each with the age limit of the stream and the segment that has its payload, at most <c>@count</c>.</summary>
    public required Func<bool, bool, string> ReadStream { get; init; }

    /// <summary>Returns version, message id and state of the snapshot <c>@type</c> of the stream <c>@id</c>.</summary>
    public required string ReadSnapshot { get; init; }

    /// <summary>Replaces an older snapshot <c>@type</c> of the stream <c>@id</c>: <c>@version</c>, <c>@message</c>, <c>@state</c>.</summary>
    public required string WriteSnapshot { get; init; }

    /// <summary>The statements that delete.</summary>
    public required RetentionText Retention { get; init; }

    /// <summary>The statements of the archive.</summary>
    public required ArchiveText Archive { get; init; }
}
