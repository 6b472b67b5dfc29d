namespace Bank.StreamStore.Snapshots;

/// <summary>How the messages of a stream become a state.</summary>
/// <typeparam name="TState">The state. Must not change once it is made.</typeparam>
public sealed record Folding<TState>
{
    /// <summary>The state of a stream without messages.</summary>
    public required TState Empty { get; init; }

    /// <summary>Applies a message, given its type and its data.</summary>
    public required Func<TState, string, string, TState> Apply { get; init; }

    /// <summary>What the state is, and in which shape. A new shape needs a new name; snapshots of the old one are then not read any more.</summary>
    public required string SnapshotType { get; init; }

    /// <summary>The state as JSON.</summary>
    public required Func<TState, string> Write { get; init; }

    /// <summary>The state from its JSON.</summary>
    public required Func<string, TState> Read { get; init; }

    /// <summary>So many messages after a snapshot, the next one is written.</summary>
    public int SnapshotEvery { get; init; } = 500;

    /// <summary>At most so many states are kept in memory.</summary>
    public int MostCached { get; init; } = 10_000;
}
