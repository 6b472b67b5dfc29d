namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>What the names of tables begin with.</summary>
public abstract class TablePrefixBehaviour<TDatabase>(TDatabase database) : IClassFixture<TDatabase> where TDatabase : Database
{
    [SkippableTheory]
    [InlineData(null, "Bank_Test_")]
    [InlineData("", "")]
    [InlineData("As.it_is", "As.it_is")]
    public async Task Tables_are_named_after_the_endpoint_unless_a_prefix_is_given_which_may_be_empty(string? given, string prefix)
    {
        Skip.If(database.Missing is not null, database.Missing);
        await (await database.Install(given)).Fill("m1", "o1");
        Assert.Equal(["m1"], await database.Ask($"select \"MessageId\" from \"{prefix}OutboxData\""));
        Assert.Equal(["o1"], await database.Ask($"select \"Correlation_OrderId\" from \"{prefix}OrderSaga\""));
    }
}

public sealed class SqliteTablePrefixTests(SqliteDatabase database) : TablePrefixBehaviour<SqliteDatabase>(database);

public sealed class PostgreSqlTablePrefixTests(PostgreSqlDatabase database) : TablePrefixBehaviour<PostgreSqlDatabase>(database);

public sealed class MsSqlServerTablePrefixTests(MsSqlServerDatabase database) : TablePrefixBehaviour<MsSqlServerDatabase>(database);
