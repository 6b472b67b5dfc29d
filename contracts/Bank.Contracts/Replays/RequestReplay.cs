namespace Bank.Contracts.Replays;

/// <summary>Asks an endpoint that stores events to send them again, as contract events, to the queue that this message names as its reply address.</summary>
/// <remarks>
/// Outcome: <see cref="ReplayStarted"/>, then the events, now and then <see cref="ReplayProgress"/>, and <see cref="ReplayCompleted"/>; or <see cref="ReplayRefused"/>.
/// Whoever is subscribed before asking gets every event: what is older by the replay, what is newer as it happens, and some in both ways under one message id.
/// </remarks>
public sealed record RequestReplay : IBankCommand
{
    /// <inheritdoc />
    public required Guid RequestId { get; init; }

    /// <inheritdoc />
    public required Origin Origin { get; init; }

    /// <summary>The replay; made by the caller. The same value again has no second effect.</summary>
    public required Guid ReplayId { get; init; }

    /// <summary>The position in the endpoint's store to begin with: 0 for the whole history.</summary>
    public required long FromPosition { get; init; }

    /// <summary>The last position to send. Null: the newest one when the replay was asked for.</summary>
    public long? UpToPosition { get; init; }

    /// <summary>How the names of the wanted streams begin, for example <c>account-</c>; at most 100, none empty. Null: all streams.</summary>
    public IReadOnlyList<string>? StreamPrefixes { get; init; }

    /// <summary>
    /// The wanted contract events by their full names, for example <c>Bank.Contracts.Accounts.MoneyWithdrawn</c>, or those of interfaces, for example
    /// <c>Bank.Contracts.IAccountEvent</c> for all that are of it; at most 100. Null: all.
    /// An event that is published in two shapes comes in the newer one when that is named (<see cref="ISuccessorEvent"/>), else in the older.
    /// </summary>
    public IReadOnlyList<string>? EventTypes { get; init; }

    /// <summary>How many events to send per second at most, 1 to 1,000,000. Null: as many as the endpoint can.</summary>
    public int? EventsPerSecond { get; init; }

    /// <summary>
    /// How many events to send in one message at most, 1 to 1,000: they come as <c>ReplayedEvents</c> (of the package for .NET, not for .NET Standard), which also hold fewer where events are large.
    /// Null: each event as a message of its own, as it was published.
    /// </summary>
    public int? EventsPerMessage { get; init; }

    /// <summary>Whether both ask for the same, lists compared by what they hold.</summary>
    public bool Equals(RequestReplay? other) =>
        other is not null && RequestId == other.RequestId && Origin == other.Origin && ReplayId == other.ReplayId
        && FromPosition == other.FromPosition && UpToPosition == other.UpToPosition && EventsPerSecond == other.EventsPerSecond
        && EventsPerMessage == other.EventsPerMessage
        && Same(StreamPrefixes, other.StreamPrefixes) && Same(EventTypes, other.EventTypes);

    /// <inheritdoc />
    public override int GetHashCode() => ReplayId.GetHashCode();

    private static bool Same(IReadOnlyList<string>? left, IReadOnlyList<string>? right) =>
        left is null || right is null ? left is null && right is null : left.SequenceEqual(right, StringComparer.Ordinal);
}
