using System.Data.Common;
using Bank.Contracts;
using Bank.Hosting;
using Bank.Hub.Projections;
using Bank.Projections.Handlers;
using Bank.Projections.Projections;
using Bank.ServiceBus.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace Bank.Projections.Tests.Projections;

/// <summary>The tables, and what fills them, as one process of the endpoint has them.</summary>
internal sealed class ReadModel : IAsyncDisposable
{
    private static readonly string[] Tables = ["account", "account_balance", "statement_line", "ledger_entry", "transfer"];

    private readonly BankDatabase database;
    private readonly ServiceProvider services;

    public ReadModel(BankDatabase database)
    {
        this.database = database;
        ValueTask<DbConnection> Open(CancellationToken cancellationToken) => new(database.OpenAsync(cancellationToken));
        services = new ServiceCollection()
            .AddLogging()
            .AddSingleton<IHostApplicationLifetime, ApplicationLifetime>()
            .AddProjections<ReplayAsker>(database.Kind == DatabaseKind.PostgreSql ? ProjectionDatabase.OnPostgreSql(Open) : ProjectionDatabase.OnSqlite(Open), BankViews.Catalog())
            .BuildServiceProvider();
    }

    public Task Prepare() => services.PrepareProjections();

    public Task Handle(IBankEvent @event) => services.GetRequiredService<Projector>().Project(@event, new TestableMessageHandlerContext());

    public async Task<IReadOnlyDictionary<string, ProjectionStatus>> Status() =>
        (await services.GetRequiredService<ProjectionMonitor>().Read()).ToDictionary(projection => projection.Name);

    /// <returns>Every row of every table as text, sorted.</returns>
    public async Task<string> Dump()
    {
        await using var connection = await database.OpenAsync();
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

    public Task Clear() => Execute(string.Join("; ", Tables.Select(table => $"DELETE FROM {table}__1").Append("DELETE FROM projection_subject")));

    public async Task<long> Number(string sql)
    {
        await using var connection = await database.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }

    public ValueTask DisposeAsync() => services.DisposeAsync();

    private async Task Execute(string sql)
    {
        await using var connection = await database.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
