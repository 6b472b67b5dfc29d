using Bank.ServiceBus.Sagas;
using Microsoft.Data.SqlClient;
using Microsoft.SqlServer.TransactSql.ScriptDom;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>Every statement for SQL Server, read by Microsoft's own parser.</summary>
public sealed class MsSqlServerStatementTests
{
    private static readonly MsSqlServerDialectSql Dialect = new();
    private static readonly string Table = Dialect.Table("dbo", "Bank_Test_OutboxData");

    public static TheoryData<string, string> Statements()
    {
        var data = new TheoryData<string, string>();
        using var command = new SqlCommand();
        OutboxRecord[] records = [new("m1", "[]"), new("m2", "[]")];
        data.Add("create outbox", Dialect.CreateOutbox(Table, "dbo"));
        data.Add("insert records", Dialect.InsertOutboxRecords(command, Table, records, "1.0.0.0"));
        data.Add("clean", Dialect.CleanOutbox(Table));
        data.Add("one of", $"select 1 from {Table} where \"MessageId\" {Dialect.IsOneOf(command, ["m1", "m2"])}");
        data.Add("lock", $"select \"Id\" from {Table} {Dialect.LockHint} where \"Id\" = @value {Dialect.RowLock}");
        data.Add("mark", $"update {Table} set \"Dispatched\" = {Dialect.True} where \"MessageId\" = @id");
        foreach (var saga in new[] { typeof(OrderSaga), typeof(InvoiceSaga), typeof(LaterInvoiceSaga), typeof(WrongTypeSaga) })
        {
            var table = new SagaTable(SagaMetadataReader.Read(saga), Dialect, "dbo", "Bank_Test_");
            data.Add("create " + saga.Name, Dialect.CreateSaga(table.Name, table, "dbo"));
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Statements))]
    public void Every_statement_is_T_SQL(string name, string statement)
    {
        new TSql130Parser(initialQuotedIdentifiers: true).Parse(new StringReader(statement), out var errors);
        Assert.True(errors.Count == 0, $"{name}: {string.Join("; ", errors.Select(error => $"line {error.Line}: {error.Message}"))}\n{statement}");
    }

    [Fact]
    public void The_parser_does_complain() =>
        Assert.False(Accepts("create table if not exists x (id int)"));

    [Fact]
    public void The_tables_have_the_columns_of_the_package()
    {
        var outbox = Dialect.CreateOutbox(Table, "dbo");
        Assert.All(
            [
                "\"MessageId\" nvarchar(200) not null primary key nonclustered", "\"Dispatched\" bit not null default 0", "\"DispatchedAt\" datetime,", "\"PersistenceVersion\" varchar(23) not null",
                "\"Operations\" nvarchar(max) not null", "where \"Dispatched\" = 1",
            ],
            part => Assert.Contains(part, outbox, StringComparison.Ordinal));
        var table = new SagaTable(SagaMetadataReader.Read(typeof(InvoiceSaga)), Dialect, null, "Bank_Test_");
        var saga = Dialect.CreateSaga(table.Name, table, null);
        Assert.All(
            [
                "create table \"dbo\".\"Bank_Test_Invoices\"", "\"Id\" uniqueidentifier not null primary key", "\"Data\" nvarchar(max) not null", "\"SagaTypeVersion\" varchar(23) not null",
                "\"Correlation_InvoiceId\" nvarchar(200)", "\"Correlation_Customer\" uniqueidentifier", "create unique index \"Index_Correlation_InvoiceId\"", "where \"Correlation_InvoiceId\" is not null",
            ],
            part => Assert.Contains(part, saga, StringComparison.Ordinal));
    }

    private static bool Accepts(string statement)
    {
        new TSql130Parser(initialQuotedIdentifiers: true).Parse(new StringReader(statement), out var errors);
        return errors.Count == 0;
    }
}
