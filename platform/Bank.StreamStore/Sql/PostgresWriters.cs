using Npgsql;

namespace Bank.StreamStore.Sql;

/// <summary>The connections that append, which are kept: one, and a second one where groups can be written ahead. Groups of one connection follow one another.</summary>
/// <param name="open">Makes a connection to keep.</param>
/// <param name="schema">The schema, as a part of statements.</param>
/// <param name="ahead">When groups are written ahead.</param>
internal sealed class PostgresWriters(Func<Task<NpgsqlConnection>> open, string schema, WritingAhead ahead) : IAsyncDisposable
{
    private readonly PostgresExpectations expectations = new(ahead);
    private readonly Lock gate = new();
    private readonly Stack<PostgresAppends> free = [];
    private Task opening = Task.CompletedTask;
    private volatile int connections;
    private bool isOver;

    /// <summary>Whether a group can probably be written ahead. The second connection is opened meanwhile, so that no group waits for it.</summary>
    public bool IsLikely
    {
        get
        {
            if (!expectations.AreInOrder) return false;
            if (connections == 1) OpenSecond();
            return connections > 1;
        }
    }

    /// <summary>Writes a group before which none is under way.</summary>
    /// <returns>The outcomes in the order of the group; null for a wrong expected version.</returns>
    public async Task<AppendOutcome?[]> Write(IReadOnlyList<PendingAppend> group, DateTime now) => (await Over(async appends => await appends.Write(group, now)))!;

    /// <summary>Writes a group beside the one before it, and commits it after that one.</summary>
    /// <returns>The outcomes in the order of the group; null when nothing was written.</returns>
    public Task<AppendOutcome?[]?> TryWriteAhead(IReadOnlyList<PendingAppend> group, DateTime now) => Over(appends => appends.TryWriteAhead(group, now));

    /// <summary>Closes the connections. Nothing must be under way.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate) isOver = true;
        await opening;
        while (free.TryPop(out var appends)) await appends.DisposeAsync();
    }

    private async Task<AppendOutcome?[]?> Over(Func<PostgresAppends, Task<AppendOutcome?[]?>> write)
    {
        var appends = Take() ?? await Open();
        try
        {
            var outcomes = await write(appends);
            lock (gate) free.Push(appends);
            return outcomes;
        }
        catch
        {
            Interlocked.Decrement(ref connections);
            await appends.DisposeAsync();
            throw;
        }
    }

    private PostgresAppends? Take()
    {
        lock (gate) return free.TryPop(out var appends) ? appends : null;
    }

    private async Task<PostgresAppends> Open()
    {
        var appends = await PostgresAppends.Over(await open(), schema, expectations);
        Interlocked.Increment(ref connections);
        return appends;
    }

    private void OpenSecond()
    {
        lock (gate)
        {
            if (!isOver && opening.IsCompleted && connections == 1) opening = Task.Run(TryOpen);
        }
    }

    private async Task TryOpen()
    {
        try
        {
            var appends = await Open();
            lock (gate) free.Push(appends);
        }
        catch (Exception)
        {
            // There may be none to have. Asked for again after as many groups as follow from the doubt.
            expectations.Turns.Doubt();
        }
    }
}
