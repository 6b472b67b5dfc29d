using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Persistence;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>The schema of tables, where databases have schemas.</summary>
public abstract class TableSchemaBehaviour<TDatabase>(TDatabase database, string byDefault) : IClassFixture<TDatabase> where TDatabase : Database
{
    [SkippableFact]
    public async Task Endpoints_with_one_prefix_in_two_schemas_know_nothing_of_each_other()
    {
        Skip.If(database.Missing is not null, database.Missing);
        await database.Ask("create schema \"Its own\"");
        for (var time = 0; time < 2; time++) await database.Install("S_", choose: persistence => Choose(persistence, "Its own"));
        var there = await database.Install("S_", choose: persistence => Choose(persistence, "Its own"));
        var here = await database.Install("S_");
        await there.Fill("m1", "o1");
        Assert.NotNull(await there.OutboxStorage!.Get("m1", new ContextBag()));
        Assert.Null(await here.OutboxStorage!.Get("m1", new ContextBag()));
        await here.Fill("m2", "o1");
        foreach (var (schema, message) in new[] { ("Its own", "m1"), (byDefault, "m2") })
        {
            Assert.Equal([message], await database.Ask($"select \"MessageId\" from \"{schema}\".\"S_OutboxData\""));
            Assert.Equal(["o1"], await database.Ask($"select \"Correlation_OrderId\" from \"{schema}\".\"S_OrderSaga\""));
        }
    }

    protected abstract void Choose(PersistenceExtensions<SqlPersistence> persistence, string schema);
}

public sealed class PostgreSqlTableSchemaTests(PostgreSqlDatabase database) : TableSchemaBehaviour<PostgreSqlDatabase>(database, "public")
{
    protected override void Choose(PersistenceExtensions<SqlPersistence> persistence, string schema) => persistence.SqlDialect<SqlDialect.PostgreSql>().Schema(schema);
}

public sealed class MsSqlServerTableSchemaTests(MsSqlServerDatabase database) : TableSchemaBehaviour<MsSqlServerDatabase>(database, "dbo")
{
    protected override void Choose(PersistenceExtensions<SqlPersistence> persistence, string schema) => persistence.SqlDialect<SqlDialect.MsSqlServer>().Schema(schema);
}
