using Bank.StreamStore.Snapshots;
using Npgsql;

namespace Bank.StreamStore.Sql;

/// <summary>What a store expects of the tables, whichever of its connections writes.</summary>
/// <param name="ahead">When groups are written ahead.</param>
internal sealed class PostgresExpectations(WritingAhead ahead)
{
    // What is not as expected, once, is often so again soon: a stream under contention, messages that come twice.
    private const int CallsToSitOut = 16;

    private const string NotAsExpected = "BK001";
    private const string TurnLost = "BK002";

    private const int MostRemembered = 20_000;

    private int toSitOut;

    /// <summary>Where streams are in the table. A hint alone: the database compares the key too.</summary>
    public RecentlyUsed<Place> Places { get; } = new(MostRemembered);

    public PostgresTurns Turns { get; } = new(ahead.FewestInOrder);

    /// <summary>Whether a group can probably be written ahead.</summary>
    public bool AreInOrder => Turns.AreInOrder && Volatile.Read(ref toSitOut) <= 0;

    /// <summary>Asked once for every group: false for some, after something was not as expected.</summary>
    public bool AreLikely() => Volatile.Read(ref toSitOut) <= 0 || Interlocked.Decrement(ref toSitOut) < 0;

    /// <summary>Takes note that something was not as expected.</summary>
    public void SitOut(IReadOnlyList<PendingAppend> group)
    {
        // A stream that was deleted and made anew is elsewhere.
        foreach (var append in group) Places.Forget(append.Stream.Value);
        Volatile.Write(ref toSitOut, CallsToSitOut);
    }

    /// <summary>Tells the errors of a group that is not as expected.</summary>
    public static bool Contradicts(PostgresException exception) => exception.SqlState is NotAsExpected or PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.NotNullViolation;

    /// <summary>Tells the errors of a group ahead whose turn did not come: others had written, or the group before failed.</summary>
    // Not the time limit of a lock: the session may have been given the lock at that moment, and must end.
    public static bool TurnIsLost(PostgresException exception) =>
        exception.SqlState is TurnLost or PostgresErrorCodes.DeadlockDetected
        || exception is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "pk_messages" };

    /// <param name="Internal">The number of the stream; null when it is not known.</param>
    /// <param name="IsLimited">Whether it may hold so many messages only.</param>
    internal sealed record Place(int? Internal, bool IsLimited);
}
