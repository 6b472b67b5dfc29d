using System.Data.Common;
using Bank.ServiceBus.Extensibility;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Sagas;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>A saga that changes the property it is correlated by, from version to version on one table.</summary>
public abstract class CorrelationColumnBehaviour<TDatabase>(TDatabase database) : IClassFixture<TDatabase> where TDatabase : Database
{
    private readonly string prefix = $"T{Guid.NewGuid():N}"[..8] + "_";

    [SkippableFact]
    public async Task An_instance_written_with_a_transitional_property_is_found_by_it_in_the_next_version()
    {
        Skip.If(database.Missing is not null, database.Missing);
        var (first, customer) = (Guid.NewGuid(), Guid.NewGuid());
        var before = await database.Install(prefix, saga: typeof(InvoiceSaga));
        await before.InSession((session, bag) => before.SagaPersister.Save(
            new InvoiceData { Id = Guid.NewGuid(), InvoiceId = "i1", Customer = first }, new SagaCorrelationProperty(nameof(InvoiceData.InvoiceId), "i1"), session, bag));
        await before.InSession(async (session, bag) =>
        {
            var found = (await before.SagaPersister.Get<InvoiceData>(nameof(InvoiceData.InvoiceId), "i1", session, bag))!;
            found.Customer = customer;
            await before.SagaPersister.Update(found, session, bag);
        });

        var after = await database.Install(prefix, saga: typeof(LaterInvoiceSaga));
        await after.InSession(async (session, bag) =>
        {
            Assert.Null(await after.SagaPersister.Get<InvoiceData>(nameof(InvoiceData.Customer), first, session, bag));
            Assert.Equal("i1", (await after.SagaPersister.Get<InvoiceData>(nameof(InvoiceData.Customer), customer, session, bag))!.InvoiceId);
        });
    }

    [SkippableFact]
    public async Task A_table_made_before_anybody_thought_of_a_transitional_property_gets_its_column_and_index()
    {
        Skip.If(database.Missing is not null, database.Missing);
        var (id, customer) = (Guid.NewGuid(), Guid.NewGuid());
        var first = await database.Install(prefix, saga: typeof(FirstInvoiceSaga));
        await first.InSession((session, bag) => first.SagaPersister.Save(
            new InvoiceData { Id = id, InvoiceId = "i1", Customer = customer }, new SagaCorrelationProperty(nameof(InvoiceData.InvoiceId), "i1"), session, bag));

        var second = await database.Install(prefix, saga: typeof(InvoiceSaga));
        await second.InSession(async (session, bag) =>
            await second.SagaPersister.Update((await second.SagaPersister.Get<InvoiceData>(nameof(InvoiceData.InvoiceId), "i1", session, bag))!, session, bag));
        await Assert.ThrowsAnyAsync<DbException>(() => second.InSession((session, bag) => second.SagaPersister.Save(
            new InvoiceData { Id = Guid.NewGuid(), InvoiceId = "i2", Customer = customer }, new SagaCorrelationProperty(nameof(InvoiceData.InvoiceId), "i2"), session, bag)));

        var third = await database.Install(prefix, saga: typeof(LaterInvoiceSaga));
        await third.InSession(async (session, bag) =>
            Assert.Equal(id, (await third.SagaPersister.Get<InvoiceData>(nameof(InvoiceData.Customer), customer, session, bag))!.Id));
    }

    [SkippableFact]
    public async Task A_column_of_another_type_is_refused_and_one_that_nobody_needs_is_dropped()
    {
        Skip.If(database.Missing is not null, database.Missing);
        Skip.If(database is SqliteDatabase, "SQLite gives columns no types to rely on, and keeps what it has.");
        await database.Install(prefix, saga: typeof(InvoiceSaga));
        var refusal = await Assert.ThrowsAnyAsync<DbException>(() => database.Install(prefix, saga: typeof(WrongTypeSaga)));
        Assert.Contains("Correlation_InvoiceId", refusal.Message, StringComparison.Ordinal);
        await database.Install(prefix, saga: typeof(LaterInvoiceSaga));
        Assert.Equal(
            ["Correlation_Customer"],
            await database.Ask($"select column_name from information_schema.columns where table_name = '{prefix}Invoices' and column_name like 'Correlation%'"));
    }

    [SkippableFact]
    public async Task An_attribute_that_contradicts_the_mapping_is_refused()
    {
        Skip.If(database.Missing is not null, database.Missing);
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => database.Install(prefix, saga: typeof(ContradictorySaga)));
        Assert.Contains("SqlSagaAttribute names Customer", refusal.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_transitional_property_that_could_not_correlate_is_refused()
    {
        Skip.If(database.Missing is not null, database.Missing);
        var refusal = await Assert.ThrowsAsync<InvalidOperationException>(() => database.Install(prefix, saga: typeof(DatedInvoiceSaga)));
        Assert.Contains("Due is a DateTime; only texts, Guids and integers can correlate", refusal.Message, StringComparison.Ordinal);
    }
}

public sealed class SqliteCorrelationColumnTests(SqliteDatabase database) : CorrelationColumnBehaviour<SqliteDatabase>(database);

public sealed class PostgreSqlCorrelationColumnTests(PostgreSqlDatabase database) : CorrelationColumnBehaviour<PostgreSqlDatabase>(database);

public sealed class MsSqlServerCorrelationColumnTests(MsSqlServerDatabase database) : CorrelationColumnBehaviour<MsSqlServerDatabase>(database);
