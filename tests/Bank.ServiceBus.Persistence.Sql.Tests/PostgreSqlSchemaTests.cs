namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>The tables on PostgreSQL are those of NServiceBus.Persistence.Sql 9, column by column.</summary>
public sealed class PostgreSqlSchemaTests(PostgreSqlDatabase database) : IClassFixture<PostgreSqlDatabase>
{
    /// <summary>SHA-1 of "OrderSaga/OrderId", by which the package names the index.</summary>
    internal const string OrderIndex = "9ACA1354611B1EEE42F739F02F62E0AB88D036F3";

    [SkippableFact]
    public async Task The_saga_table_has_the_columns_of_the_package()
    {
        Skip.If(database.Missing is not null, database.Missing);
        await database.Install("Schema_");
        Assert.Equal(
            [
                "Id|uuid||NO", "Metadata|text||NO", "Data|jsonb||NO", "PersistenceVersion|character varying|23|YES",
                "SagaTypeVersion|character varying|23|YES", "Concurrency|integer||NO", "Correlation_OrderId|character varying|200|YES",
            ],
            await Columns("Schema_OrderSaga"));
        var index = Assert.Single(await database.Ask("select indexdef from pg_indexes where tablename = 'Schema_OrderSaga' and indexname like '%\\_i\\_%'"));
        Assert.Contains($"CREATE UNIQUE INDEX \"Schema__i_{OrderIndex}\"", index);
        Assert.Contains("btree (\"Correlation_OrderId\")", index);
    }

    [SkippableFact]
    public async Task The_outbox_table_has_the_columns_of_the_package()
    {
        Skip.If(database.Missing is not null, database.Missing);
        await database.Install("Schema_");
        Assert.Equal(
            [
                "MessageId|character varying|200|NO", "Dispatched|boolean||NO", "DispatchedAt|timestamp without time zone||YES",
                "PersistenceVersion|character varying|23|YES", "Operations|jsonb||NO",
            ],
            await Columns("Schema_OutboxData"));
        Assert.Equal(
            ["Index_Dispatched", "Index_DispatchedAt"],
            await database.Ask("select indexname from pg_indexes where tablename = 'Schema_OutboxData' and indexname like 'Index%' order by 1"));
    }

    [SkippableFact]
    public async Task A_prefix_that_is_too_long_is_refused_by_name()
    {
        Skip.If(database.Missing is not null, database.Missing);
        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => database.Install("Twenty_one_characters"));
        Assert.StartsWith("TablePrefix: ", error.Message);
    }

    private Task<List<string>> Columns(string table) => database.Ask(
        $"select column_name, data_type, character_maximum_length, is_nullable from information_schema.columns where table_name = '{table}' order by ordinal_position");
}
