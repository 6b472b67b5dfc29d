namespace Bank.StreamStore.Sql;

/// <summary>The statements of one kind of database for the archive.</summary>
internal sealed record ArchiveText
{
    /// <summary>What stands in the place of archived data: JSON, as it must be, and no object, so that a program that takes it for the data fails and does not see an empty event.</summary>
    public const string Placeholder = "\"archived\"";

    /// <summary>Returns the highest position that a segment ends with; -1 when there is none.</summary>
    public required string LastArchived { get; init; }

    /// <summary>Returns position, time, whether it may be archived (1 or 0), and bytes of payload of messages after <c>@position</c>, at most <c>@count</c>.</summary>
    public required string Survey { get; init; }

    /// <summary>Returns position, data and metadata of those of <c>@positions</c> that are not archived, in order.</summary>
    public required string ReadPayloads { get; init; }

    /// <summary>Notes that messages are archived, so that programs which cannot read them refuse to work with the tables; null where those do not ask.</summary>
    public required string? NoteVersion { get; init; }

    /// <summary>Stores the segment <c>@segment</c>: <c>@first</c>, <c>@last</c>, <c>@messages</c>, <c>@checksum</c>, <c>@payload</c>.</summary>
    public required string InsertSegment { get; init; }

    /// <summary>Takes the payloads of those of <c>@positions</c> that nobody else has archived, deleted or locked out of their rows, which name <c>@segment</c> from then on.</summary>
    public required string TakePayloads { get; init; }

    /// <summary>Returns id, checksum and payload of those of <c>@segments</c> that are there.</summary>
    public required string ReadSegments { get; init; }

    /// <summary>Replaces content of the segment <c>@segment</c>: <c>@messages</c>, <c>@checksum</c>, <c>@payload</c>.</summary>
    public required string UpdateSegment { get; init; }

    /// <summary>Deletes the segment <c>@segment</c>.</summary>
    public required string DeleteSegment { get; init; }

    /// <summary>Makes space that is left usable; null where the database does so by itself.</summary>
    public required string? ReuseSpace { get; init; }
}
