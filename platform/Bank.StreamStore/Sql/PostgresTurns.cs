namespace Bank.StreamStore.Sql;

/// <summary>
/// Foretells where groups begin, for those that are written ahead: beside the group before, and committed after it. That works only while nobody else appends to the tables,
/// so groups go ahead only after a number of them that began where they do if nobody else does: the greater, the more often that was wrong.
/// </summary>
internal sealed class PostgresTurns
{
    /// <summary>The advisory lock of all who append or delete: shared by groups that are written ahead, alone for all others. For a script; <c>{schema}</c> is its schema.</summary>
    public const string Turn = "1398035028, '{schema}.all_stream_head'::regclass::oid::int";

    /// <summary>The upper half of the advisory lock that a group written ahead holds to its commit; the lower half is the position where it ends.</summary>
    public const string Lane = "('{schema}.all_stream_head'::regclass::oid::bigint << 32)";

    private const int MostInOrder = 256;

    private readonly Lock gate = new();
    private readonly int fewestInOrder;
    private long? next;
    private int underWay;
    private int inOrder;
    private int needed;
    private volatile bool areInOrder;

    /// <param name="fewestInOrder">The number at first.</param>
    public PostgresTurns(int fewestInOrder) => needed = this.fewestInOrder = fewestInOrder;

    /// <summary>Whether a group would probably begin where it is foretold.</summary>
    public bool AreInOrder => areInOrder;

    public static string TurnOf(string schema) => Turn.Replace("{schema}", schema, StringComparison.Ordinal);

    /// <summary>Begins a group. It failed if its turn is disposed before it is said to be written.</summary>
    /// <param name="count">How many messages it will have written; null when that is not known.</param>
    /// <param name="isAhead">Whether it is written ahead.</param>
    public PostgresTurn Begin(int? count, bool isAhead)
    {
        lock (gate)
        {
            underWay++;
            var turn = new PostgresTurn(this, next, count, isAhead);
            next += count;
            areInOrder &= next is not null;
            return turn;
        }
    }

    /// <summary>Takes note that groups cannot be written ahead.</summary>
    public void Doubt()
    {
        lock (gate)
        {
            needed = Math.Min(needed * 2, MostInOrder);
            BeginAnew(null);
        }
    }

    internal void End(PostgresTurn turn, bool isWritten, long? begin)
    {
        lock (gate)
        {
            underWay--;
            if (isWritten && begin is not null && begin == turn.Foretold)
            {
                inOrder = Math.Min(inOrder + 1, 2 * needed);
                areInOrder = next is not null && inOrder >= needed;
                // Trusted again.
                if (inOrder == 2 * needed) needed = fewestInOrder;
                return;
            }

            BeginAnew(isWritten && underWay == 0 ? begin + turn.Count : null);
        }

        if (!isWritten && turn is { IsAhead: true, Foretold: not null }) Doubt();
    }

    private void BeginAnew(long? from)
    {
        next = from;
        inOrder = 0;
        areInOrder = false;
    }
}

/// <summary>One group's.</summary>
/// <param name="Turns">All.</param>
/// <param name="Foretold">The position before its first message; null when that is not known.</param>
/// <param name="Count">How many messages it will have written; null when that is not known.</param>
/// <param name="IsAhead">Whether it is written ahead.</param>
internal sealed record PostgresTurn(PostgresTurns Turns, long? Foretold, int? Count, bool IsAhead) : IDisposable
{
    private bool hasEnded;

    /// <summary>Ends a group that was written.</summary>
    /// <param name="begin">The position before its first message; null when that is not known.</param>
    public void Written(long? begin)
    {
        hasEnded = true;
        Turns.End(this, isWritten: true, begin);
    }

    public void Dispose()
    {
        if (!hasEnded) Turns.End(this, isWritten: false, null);
    }
}
