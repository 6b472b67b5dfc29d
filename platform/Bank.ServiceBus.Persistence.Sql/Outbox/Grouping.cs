using System.Data.Common;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>
/// Runs what concurrent messages ask for at the same moment as one statement: while one group is under way, the next gathers.
/// Who asks alone waits for nobody.
/// </summary>
internal sealed class Grouping<TItem, TResult>(
    SqlConnections connections, int largest, Func<DbConnection, IReadOnlyList<TItem>, Task<IReadOnlyList<TResult>>> run)
{
    private readonly Lock gate = new();
    private List<Waiting> gathered = [];
    private bool busy;

    /// <summary>Gives one item to the next group.</summary>
    /// <param name="item">What to run.</param>
    /// <param name="cancellationToken">Ends the waiting; the item may take effect all the same.</param>
    public Task<TResult> Run(TItem item, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var waiting = new Waiting(item);
        lock (gate)
        {
            gathered.Add(waiting);
            if (!busy)
            {
                busy = true;
                _ = Task.Run(Work, CancellationToken.None);
            }
        }

        return waiting.Done.Task.WaitAsync(cancellationToken);
    }

    private async Task Work()
    {
        // One connection for as long as there is work: taking another one from the pool each time costs the server more than the statements.
        DbConnection? connection = null;
        while (Next() is { } group)
        {
            try
            {
                connection ??= await connections.Open(CancellationToken.None);
                await RunTogether(connection, group);
            }
            catch (Exception exception)
            {
                await Fail(group, exception);
                await GiveUp(connection);
                connection = null;
            }
        }

        await GiveUp(connection);
    }

    private static async Task GiveUp(DbConnection? connection)
    {
        try
        {
            if (connection is not null) await connection.DisposeAsync();
        }
        catch (Exception)
        {
            // A broken connection may fail even at its end; whoever waits for the next group must not wait for ever because of it.
        }
    }

    private async Task Fail(List<Waiting> group, Exception exception)
    {
        // One that the database refuses must not take the others with it.
        if (group.Count > 1 && exception is not DbException { IsTransient: true })
        {
            foreach (var one in group) await RunAlone(one);
        }
        else
        {
            foreach (var one in group) one.Done.TrySetException(exception);
        }
    }

    private List<Waiting>? Next()
    {
        lock (gate)
        {
            busy = gathered.Count > 0;
            if (!busy) return null;
            var group = gathered;
            gathered = group.Count > largest ? group[largest..] : [];
            return group.Count > largest ? group[..largest] : group;
        }
    }

    private async Task RunTogether(DbConnection connection, List<Waiting> group)
    {
        var results = await run(connection, [.. group.Select(one => one.Item)]);
        for (var index = 0; index < group.Count; index++) group[index].Done.TrySetResult(results[index]);
    }

    private async Task RunAlone(Waiting one)
    {
        try
        {
            await using var connection = await connections.Open(CancellationToken.None);
            await RunTogether(connection, [one]);
        }
        catch (Exception exception)
        {
            one.Done.TrySetException(exception);
        }
    }

    private sealed class Waiting(TItem item)
    {
        public TItem Item { get; } = item;

        public TaskCompletionSource<TResult> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
