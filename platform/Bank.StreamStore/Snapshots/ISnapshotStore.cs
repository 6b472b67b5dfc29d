using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Snapshots;

/// <summary>Keeps folded states beside their streams, one for each stream and type. Only a shortcut: whatever is lost is folded again.</summary>
public interface ISnapshotStore
{
    /// <summary>The newest snapshot of a stream; null for none.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="type">What the state is, and in which shape: see <see cref="Folding{TState}.SnapshotType"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<Snapshot?> ReadSnapshot(StreamId streamId, string type, CancellationToken cancellationToken = default);

    /// <summary>Replaces an older snapshot of the stream.</summary>
    /// <param name="streamId">The stream.</param>
    /// <param name="type">What the state is, and in which shape; at most 128 characters.</param>
    /// <param name="snapshot">The state.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task WriteSnapshot(StreamId streamId, string type, Snapshot snapshot, CancellationToken cancellationToken = default);
}

/// <summary>What the messages of a stream up to a version add up to.</summary>
/// <param name="StreamVersion">The version of the last message that counts.</param>
/// <param name="MessageId">The id of that message: a stream that was deleted and made anew does not have it there.</param>
/// <param name="Json">The state.</param>
public sealed record Snapshot(int StreamVersion, Guid MessageId, string Json);
