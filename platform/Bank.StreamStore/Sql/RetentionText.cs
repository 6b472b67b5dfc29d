namespace Bank.StreamStore.Sql;

/// <summary>The statements of one kind of database for deletions and limits.</summary>
internal sealed record RetentionText
{
    /// <summary>Deletes all messages of the stream <c>@stream</c>, and returns id, position and segment of those that are archived, of others too where that costs nothing.</summary>
    public required string DeleteStreamMessages { get; init; }

    /// <summary>Deletes the stream <c>@stream</c>, which has no messages any more.</summary>
    public required string DeleteStream { get; init; }

    /// <summary>Deletes those of <c>@ids</c> that the stream <c>@stream</c> holds, and returns their ids, positions and segments.</summary>
    public required string DeleteMessages { get; init; }

    /// <summary>Returns the version of the newest message that the stream <c>@stream</c> holds; null for none.</summary>
    public required string NewestVersion { get; init; }

    /// <summary>Sets the limits <c>@age</c> and <c>@kept</c> of the stream <c>@id</c>.</summary>
    public required string SetLimits { get; init; }

    /// <summary>Returns the ids of messages of the stream <c>@stream</c> that are beyond the number of its newest that it may hold, oldest first, at most <c>@count</c>.</summary>
    public required string BeyondLimit { get; init; }

    /// <summary>Deletes those of <c>@ids</c> that are older at <c>@now</c> than the stream <c>@stream</c> allows, and returns their ids, positions and segments.</summary>
    public required string DeleteExpired { get; init; }
}
