using Bank.Contracts;
using Bank.Hosting;
using Bank.Projections.Handlers;
using Bank.Projections.Projections;
using Bank.Projections.Storage;
using Bank.ServiceBus.Testing;

namespace Bank.Projections.Tests.Projections;

/// <summary>The tables, and handlers that fill them, as one process of the endpoint has them.</summary>
internal sealed class ReadModel(BankDatabase database) : IAsyncDisposable
{
    private static readonly string[] Tables = ["account", "account_balance", "statement_line", "ledger_entry", "transfer"];

    private readonly ReadDatabase tables = new(database);
    private readonly ProjectionWriter writer = new(new ReadDatabase(database));

    public Task Migrate() => tables.Migrate(CancellationToken.None);

    public Task Handle(IBankEvent @event) => @event switch
    {
        IAccountEvent of => new AccountEventHandler([new BalanceProjection(), new StatementProjection(), new LedgerProjection()], writer)
            .Handle(of, new TestableMessageHandlerContext()),
        ITransferEvent of => new TransferEventHandler([new TransferProjection()], writer).Handle(of, new TestableMessageHandlerContext()),
        _ => throw new ArgumentException($"No view is made of {@event.GetType().Name}.", nameof(@event)),
    };

    /// <returns>Every row of every table as text, sorted.</returns>
    public async Task<string> Dump()
    {
        await using var connection = await tables.Open(CancellationToken.None);
        var lines = new List<string>();
        foreach (var table in Tables)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table}";
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                lines.Add(table + ": " + string.Join(", ", Enumerable.Range(0, reader.FieldCount).Select(column => $"{reader.GetName(column)}={reader.GetValue(column)}")));
        }

        return string.Join('\n', lines.Order(StringComparer.Ordinal));
    }

    public async Task Clear()
    {
        await using var connection = await tables.Open(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = string.Join("; ", Tables.Select(table => "DELETE FROM " + table));
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> Number(string sql)
    {
        await using var connection = await tables.Open(CancellationToken.None);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync() => writer.DisposeAsync();
}
