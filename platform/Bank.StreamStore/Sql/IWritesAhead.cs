namespace Bank.StreamStore.Sql;

/// <summary>Writes a group while the one before it is under way, and commits it after that one.</summary>
internal interface IWritesAhead
{
    /// <summary>How many appends a group must have to be worth it.</summary>
    int FewestAppends { get; }

    /// <summary>Whether it would probably succeed now. Asked often.</summary>
    bool IsLikely { get; }

    /// <summary>Writes a group, none of whose streams is in the group before, and settles each of its members.</summary>
    /// <returns>False when nothing was written: the group has to be written alone, after the one before.</returns>
    /// <exception cref="Exception">Nobody knows whether it was written. It is written again, alone, and what is stored then shows it.</exception>
    Task<bool> TryWrite(IReadOnlyList<PendingAppend> group);
}
