using System.Data.Common;
using Bank.ServiceBus.Persistence;
using Bank.ServiceBus.Sagas;

namespace Bank.ServiceBus.Persistence.Sql.Tests;

/// <summary>Sagas that are found by a number, of each type that can correlate.</summary>
public abstract class NumberCorrelationBehaviour<TDatabase>(TDatabase database, string columnType) : IClassFixture<TDatabase> where TDatabase : Database
{
    private readonly string prefix = $"N{Guid.NewGuid():N}"[..8] + "_";

    [SkippableFact]
    public Task A_short_correlates() => Correlates<short>(short.MinValue, short.MaxValue);

    [SkippableFact]
    public Task An_unsigned_short_correlates() => Correlates<ushort>(ushort.MinValue, ushort.MaxValue);

    [SkippableFact]
    public Task An_int_correlates() => Correlates(int.MinValue, int.MaxValue);

    [SkippableFact]
    public Task An_unsigned_int_correlates() => Correlates<uint>(0, int.MaxValue);

    [SkippableFact]
    public Task A_long_correlates() => Correlates<long>(int.MinValue, int.MaxValue);

    [SkippableFact]
    public Task An_unsigned_long_correlates() => Correlates<ulong>(0, int.MaxValue);

    [SkippableFact]
    public async Task A_number_that_the_column_cannot_hold_is_refused_and_not_cut_short()
    {
        var persistence = await Install<ulong>();
        await Assert.ThrowsAsync<OverflowException>(() => Save(persistence, ulong.MaxValue));
        await Assert.ThrowsAsync<OverflowException>(() => Find(persistence, ulong.MaxValue));
        Assert.Empty(await database.Ask($"select 1 from \"{prefix}Numbers\""));
    }

    protected async Task Correlates<T>(params T[] numbers) where T : struct
    {
        var persistence = await Install<T>();
        Assert.Equal(columnType, await ColumnType());
        foreach (var number in numbers) await Save(persistence, number);
        foreach (var number in numbers) Assert.Equal(number, (await Find(persistence, number))!.Number);
        await Assert.ThrowsAnyAsync<DbException>(() => Save(persistence, numbers[0]));
        Assert.Null(await Find(persistence, (T)Convert.ChangeType(7, typeof(T))));
    }

    private async Task<PersistenceInfrastructure> Install<T>()
    {
        Skip.If(database.Missing is not null, database.Missing);
        return await database.Install(prefix, saga: typeof(NumberSaga<T>));
    }

    private static Task Save<T>(PersistenceInfrastructure persistence, T number) where T : struct => persistence.InSession((session, bag) =>
        persistence.SagaPersister.Save(new NumberData<T> { Id = Guid.NewGuid(), Number = number }, new SagaCorrelationProperty("Number", number), session, bag));

    private static async Task<NumberData<T>?> Find<T>(PersistenceInfrastructure persistence, T number) where T : struct
    {
        NumberData<T>? found = null;
        await persistence.InSession(async (session, bag) => found = await persistence.SagaPersister.Get<NumberData<T>>("Number", number, session, bag));
        return found;
    }

    private async Task<string> ColumnType() => Assert.Single(await database.Ask(database is SqliteDatabase
        ? $"select lower(type) from pragma_table_info('{prefix}Numbers') where name = 'Correlation_Number'"
        : $"select data_type from information_schema.columns where table_name = '{prefix}Numbers' and column_name = 'Correlation_Number'"));
}

public sealed class SqliteNumberCorrelationTests(SqliteDatabase database) : NumberCorrelationBehaviour<SqliteDatabase>(database, "integer")
{
    [SkippableFact]
    public Task A_number_of_64_bits_correlates() => Correlates(long.MinValue, long.MaxValue);
}

/// <summary>The package gives PostgreSQL 32 bits for all of them.</summary>
public sealed class PostgreSqlNumberCorrelationTests(PostgreSqlDatabase database) : NumberCorrelationBehaviour<PostgreSqlDatabase>(database, "integer")
{
    [SkippableFact]
    public Task A_number_beyond_32_bits_is_refused() => Assert.ThrowsAsync<OverflowException>(() => Correlates(int.MaxValue + 1L));
}

public sealed class MsSqlServerNumberCorrelationTests(MsSqlServerDatabase database) : NumberCorrelationBehaviour<MsSqlServerDatabase>(database, "bigint")
{
    [SkippableFact]
    public Task A_number_of_64_bits_correlates() => Correlates(long.MinValue, long.MaxValue);
}
