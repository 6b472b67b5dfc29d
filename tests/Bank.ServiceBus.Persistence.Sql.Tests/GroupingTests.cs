using Microsoft.Data.Sqlite;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>Statements that are run for several messages at once.</summary>
public sealed class GroupingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    [Fact]
    public async Task A_broken_connection_that_fails_even_when_it_is_closed_keeps_nobody_waiting()
    {
        var broken = true;
        var grouping = new Grouping<int, int>(
            new SqlConnections(() => new Unclosable(), new SqliteDialectSql()), 10,
            (_, items) => broken ? throw new SqliteException("The connection is broken.", 10) : Task.FromResult<IReadOnlyList<int>>([.. items]));
        await Assert.ThrowsAsync<SqliteException>(() => grouping.Run(1, CancellationToken.None).WaitAsync(Patience));
        broken = false;
        Assert.Equal(2, await grouping.Run(2, CancellationToken.None).WaitAsync(Patience));
        Assert.Equal(3, await grouping.Run(3, CancellationToken.None).WaitAsync(Patience));
    }

    private sealed class Unclosable() : SqliteConnection("Data Source=:memory:")
    {
        public override ValueTask DisposeAsync() => throw new InvalidOperationException("It cannot even be closed.");
    }
}
