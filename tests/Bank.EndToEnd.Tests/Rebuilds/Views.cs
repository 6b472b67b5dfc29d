using System.Data.Common;
using Bank.Accounts.Publishing;
using Bank.CommandLine.Running;
using Bank.Hosting;
using Bank.Hub;
using Bank.Hub.Projections;
using Bank.Projections.Handlers;
using Bank.Projections.Projections;
using Bank.ServiceBus.Testing;
using Bank.StreamStore;
using Bank.Transfers.Journal;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace Bank.EndToEnd.Tests.Rebuilds;

/// <summary>The tables of Bank.Projections, as the running bank has them and as a fresh fold of the stores gives them.</summary>
internal static class Views
{
    private const int AtATime = 500;
    private static readonly string[] Tables = ["account", "account_balance", "statement_line", "ledger_entry", "transfer"];

    /// <summary>Every row that queries see, as text, sorted.</summary>
    public static async Task<string[]> Shown(BankPlan plan) => await Rows(DatabaseOf(plan, "Bank.Projections"));

    /// <summary>Every row that the stored events make when nothing else ever happened.</summary>
    public static async Task<string[]> Folded(BankPlan plan)
    {
        var folder = Directory.CreateTempSubdirectory("fold-").FullName;
        try
        {
            var database = new BankDatabase(DatabaseKind.Sqlite, $"Data Source={Path.Combine(folder, "fold.db")}");
            ValueTask<DbConnection> Open(CancellationToken cancellationToken) => new(database.OpenAsync(cancellationToken));
            await using var services = new ServiceCollection().AddLogging().AddSingleton<IHostApplicationLifetime, ApplicationLifetime>()
                .AddProjections<ReplayAsker>(ProjectionDatabase.OnSqlite(Open), BankViews.Catalog()).BuildServiceProvider();
            await services.PrepareProjections();
            var projector = services.GetRequiredService<Projector>();
            foreach (var events in (await Stored(plan)).Chunk(AtATime))
                await Task.WhenAll(events.Select(@event => projector.Project(@event, new TestableMessageHandlerContext())));
            return await Rows(database);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The store of an endpoint.</summary>
    public static IStreamStore StoreOf(BankPlan plan, string endpoint)
    {
        var database = DatabaseOf(plan, endpoint);
        return database.Kind == DatabaseKind.PostgreSql
            ? new PostgresStreamStore(new PostgresStreamStoreSettings(database.ConnectionString))
            : new SqliteStreamStore(new SqliteStreamStoreSettings(database.ConnectionString));
    }

    /// <summary>Where the publisher of an endpoint stands.</summary>
    public static SqlHubStorage HubOf(BankPlan plan, string endpoint)
    {
        var database = DatabaseOf(plan, endpoint);
        ValueTask<DbConnection> Open(CancellationToken cancellationToken) => new(database.OpenAsync(cancellationToken));
        return database.Kind == DatabaseKind.PostgreSql ? SqlHubStorage.OnPostgreSql(Open) : SqlHubStorage.OnSqlite(Open);
    }

    private static async Task<List<object>> Stored(BankPlan plan)
    {
        var events = new List<object>();
        foreach (var (endpoint, mapper) in new (string, IContractMapper)[] { ("Bank.Accounts", new AccountContracts()), ("Bank.Transfers", new JournalContracts()) })
        {
            using var store = StoreOf(plan, endpoint);
            for (var page = await store.ReadAllForwards(0, AtATime); ; page = await page.ReadNext())
            {
                foreach (var message in page.Messages)
                {
                    if (mapper.Map(message, (await message.GetJsonData())!) is { } @event) events.Add(@event);
                }

                if (page.IsEnd) break;
            }
        }

        return events;
    }

    private static async Task<string[]> Rows(BankDatabase database)
    {
        await using var connection = await database.OpenAsync();
        var rows = new List<string>();
        foreach (var table in Tables)
        {
            await using var command = connection.CreateCommand();
            command.CommandText = $"SELECT * FROM {table}";
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync())
                rows.Add(FormattableString.Invariant($"{table}: {string.Join(", ", Enumerable.Range(0, reader.FieldCount).Select(column => FormattableString.Invariant($"{reader.GetName(column)}={reader.GetValue(column)}")))}"));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }

    /// <summary>The database of an endpoint.</summary>
    public static BankDatabase DatabaseOf(BankPlan plan, string endpoint) => plan.DatabaseConnections.TryGetValue(endpoint, out var connection)
        ? new BankDatabase(DatabaseKind.PostgreSql, connection)
        : new BankDatabase(DatabaseKind.Sqlite, $"Data Source={Path.Combine(plan.DataDirectory, endpoint + ".db")}");
}
