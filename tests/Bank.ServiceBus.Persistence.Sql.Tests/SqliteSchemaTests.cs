using Bank.ServiceBus.Extensibility;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>The tables on SQLite are the nearest to those on PostgreSQL.</summary>
public sealed class SqliteSchemaTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task The_saga_table_has_the_columns_of_postgresql()
    {
        await database.Install("Schema_");
        Assert.Equal(
            [
                "Id|TEXT|0|1", "Metadata|TEXT|1|0", "Data|TEXT|1|0", "PersistenceVersion|TEXT|0|0", "SagaTypeVersion|TEXT|0|0", "Concurrency|INTEGER|1|0",
                "Correlation_OrderId|TEXT|0|0",
            ],
            await Columns("Schema_OrderSaga"));
        Assert.Equal(
            "Correlation_OrderId",
            Assert.Single(await database.Ask($"select name from pragma_index_info('Schema__i_{PostgreSqlSchemaTests.OrderIndex}')")));
        Assert.Equal(
            "1", Assert.Single(await database.Ask($"select \"unique\" from pragma_index_list('Schema_OrderSaga') where name = 'Schema__i_{PostgreSqlSchemaTests.OrderIndex}'")));
    }

    [Fact]
    public async Task The_outbox_table_has_the_columns_of_postgresql()
    {
        await database.Install("Schema_");
        Assert.Equal(
            ["MessageId|TEXT|0|1", "Dispatched|INTEGER|1|0", "DispatchedAt|TEXT|0|0", "PersistenceVersion|TEXT|0|0", "Operations|TEXT|1|0"],
            await Columns("Schema_OutboxData"));
    }

    [Fact]
    public async Task A_commit_survives_the_loss_of_power()
    {
        await using var session = (await database.Install("Schema_")).CreateSession();
        await session.Open(new ContextBag());
        Assert.Equal("wal", await Pragma("journal_mode"));
        Assert.Equal(2L, await Pragma("synchronous"));

        async Task<object?> Pragma(string name)
        {
            var open = session.SqlPersistenceSession();
            await using var command = open.Connection.CreateCommand();
            command.Transaction = open.Transaction;
            command.CommandText = $"PRAGMA {name}";
            return await command.ExecuteScalarAsync();
        }
    }

    private Task<List<string>> Columns(string table) =>
        database.Ask($"select name, upper(type), \"notnull\", pk from pragma_table_info('{table}') order by cid");
}
