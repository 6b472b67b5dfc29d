using System.Data.Common;
using System.Text.Json;
using Bank.Accounts.Accounts;
using Bank.CommandLine.Running;
using Bank.Hosting;
using Bank.Hub;
using Bank.ServiceBus;
using Bank.StreamStore;
using Bank.StreamStore.Streams;

namespace Bank.CommandLine.Verification;

/// <summary>Reads the facts of a bank, running or stopped, from where its endpoints keep them.</summary>
internal sealed class FactReader(BankPlan plan)
{
    private const string StreamPrefix = "account-";
    private const int PageSize = 1000;

    public async Task<BankFacts> Read(CancellationToken cancellationToken)
    {
        // A copy is read before what it is a copy of, so that it is never ahead.
        var (knownAccounts, knowsAll) = await ReadKnownAccounts(cancellationToken);
        await RequireArchive("Bank.Accounts", cancellationToken);
        await RequireArchive("Bank.Transfers", cancellationToken);
        var published = await HubOf(Database("Bank.Accounts")).ReadPosition("publisher", cancellationToken);
        using var store = OpenStreams();
        var (events, head) = await ReadEvents(store, cancellationToken);
        var publishedJournal = await HubOf(Database("Bank.Transfers")).ReadPosition("publisher", cancellationToken);
        using var journal = OpenStreams("Bank.Transfers");
        var (findings, publishedFindings) = await ReadFindings(cancellationToken);
        var (errors, errorFiles) = await ReadErrors(cancellationToken);
        await using var projections = await Database("Bank.Projections").OpenAsync(cancellationToken);
        return new BankFacts
        {
            HeadPosition = head,
            PublishedPosition = published,
            Events = events,
            Journal = await ReadJournal(journal, cancellationToken),
            PublishedJournalPosition = publishedJournal,
            Findings = findings,
            PublishedFindingsPosition = publishedFindings,
            Accounts = events.GroupBy(item => item.AccountId).ToDictionary(group => group.Key, group => Account.Fold(group.Select(item => item.Event))),
            Balances = (await Rows(
                projections, "SELECT account_id, version, currency, balance, available FROM account_balance",
                row => new BalanceRow(row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetInt64(3), row.GetInt64(4)), cancellationToken)).ToDictionary(row => row.AccountId),
            Lines = await Rows(
                projections, "SELECT account_id, version, event_id, is_booking, amount, balance FROM statement_line ORDER BY account_id, version",
                row => new LineRow(row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetInt32(3) == 1, row.GetInt64(4), row.GetInt64(5)), cancellationToken),
            Ledger = await Rows(
                projections, "SELECT account_id, version, ledger_account, currency, amount FROM ledger_entry",
                row => new LedgerRow(row.GetString(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetInt64(4)), cancellationToken),
            Transfers = (await Rows(
                projections, "SELECT transfer_id, state FROM transfer", row => new TransferRow(row.GetString(0), row.GetInt32(1)), cancellationToken)).ToDictionary(row => row.TransferId),
            KnownAccounts = knownAccounts,
            KnowsAllAccounts = knowsAll,
            Sagas = await ReadSagas(cancellationToken),
            Errors = errors,
            ErrorFiles = errorFiles,
            ReadAt = DateTimeOffset.UtcNow,
        };
    }

    /// <summary>Opens the store in which an endpoint keeps its streams.</summary>
    public IStreamStore OpenStreams(string endpoint = "Bank.Accounts")
    {
        var database = Database(endpoint);
        return database.Kind == DatabaseKind.PostgreSql
            ? new PostgresStreamStore(new PostgresStreamStoreSettings(database.ConnectionString))
            : new SqliteStreamStore(new SqliteStreamStoreSettings(database.ConnectionString));
    }

    /// <summary>Refuses a store that no endpoint of this version, or a later one, has ever opened: what it lacks would be an error of the database.</summary>
    public async Task RequireArchive(string endpoint, CancellationToken cancellationToken)
    {
        if (!await HasTable(Database(endpoint), "message_archive", cancellationToken)) throw new VerbException(ExitCode.Unavailable, $"The store of {endpoint} is of an earlier version: start {endpoint} of this version once, and it adds what the store lacks.");
    }

    private static async Task<bool> HasTable(BankDatabase database, string table, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return (await Rows(
            connection, database.Kind == DatabaseKind.PostgreSql ? $"SELECT 1 WHERE to_regclass('public.{table}') IS NOT NULL" : $"SELECT 1 FROM sqlite_master WHERE name = '{table}'", _ => true, cancellationToken)).Count > 0;
    }

    // Bank.Insights joins when it likes; it has found nothing before.
    private async Task<(List<JournalEvent> Findings, long Published)> ReadFindings(CancellationToken cancellationToken)
    {
        if (!plan.DatabaseConnections.ContainsKey(BankPlan.Insights) && !File.Exists(FileOf(BankPlan.Insights))) return ([], -1);
        var database = Database(BankPlan.Insights);
        if (!await HasTable(database, "messages", cancellationToken)) return ([], -1);
        await RequireArchive(BankPlan.Insights, cancellationToken);
        var published = await HasTable(database, "hub_publisher", cancellationToken) ? await HubOf(database).ReadPosition("publisher", cancellationToken) : -1;
        using var store = OpenStreams(BankPlan.Insights);
        return (await ReadJournal(store, cancellationToken), published);
    }

    private static async Task<List<JournalEvent>> ReadJournal(IReadonlyStreamStore journal, CancellationToken cancellationToken)
    {
        var events = new List<JournalEvent>();
        for (var page = await journal.ReadAllForwards(0, PageSize, prefetchJsonData: false, cancellationToken); ; page = await page.ReadNext(cancellationToken))
        {
            events.AddRange(page.Messages.Select(message => new JournalEvent(message.StreamId, message.StreamVersion, message.Position, message.MessageId, message.Type)));
            if (page.IsEnd) return events;
        }
    }

    private static async Task<(List<StoredEvent> Events, long Head)> ReadEvents(IReadonlyStreamStore store, CancellationToken cancellationToken)
    {
        var events = new List<StoredEvent>();
        var page = await store.ReadAllForwards(0, PageSize, prefetchJsonData: true, cancellationToken);
        while (true)
        {
            foreach (var message in page.Messages)
            {
                var stored = Event(message, (await message.GetJsonData(cancellationToken))!);
                events.Add(new StoredEvent(message.StreamId[StreamPrefix.Length..], message.StreamVersion, message.Position, message.MessageId, stored));
            }

            if (page.IsEnd) return (events, events.Count == 0 ? -1 : events[^1].Position);
            page = await page.ReadNext(cancellationToken);
        }
    }

    // Nothing can be said of an account one of whose events is no longer what was written.
    private static AccountEvent Event(StreamMessage message, string json)
    {
        try
        {
            return AccountEventJson.Read(message.Type, json);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            throw new VerbException(
                ExitCode.Refused,
                $"broken: event {message.MessageId} in stream {message.StreamId}, version {message.StreamVersion}, position {message.Position} cannot be read: {exception.Message}");
        }
    }

    private async Task<List<SagaRow>> ReadSagas(CancellationToken cancellationToken)
    {
        await using var transfers = await Database("Bank.Transfers").OpenAsync(cancellationToken);
        return await Rows(
            transfers, "SELECT CAST(\"Data\" AS TEXT) FROM \"Bank_Transfers_TransferSaga\"",
            row =>
            {
                using var data = JsonDocument.Parse(row.GetString(0));
                string Text(string name) => data.RootElement.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
                string? OptionalText(string name) => data.RootElement.TryGetProperty(name, out var value) ? value.GetString() : null;
                return new SagaRow(
                    Guid.Parse(Text("TransferId")), Text("State"), Text("PayerAccountId"), Text("PayeeAccountId"),
                    data.RootElement.TryGetProperty("AmountMinorUnits", out var amount) ? amount.GetInt64() : 0, Text("Currency"),
                    data.RootElement.TryGetProperty("Deadline", out var deadline) ? deadline.GetDateTimeOffset() : DateTimeOffset.MinValue,
                    OptionalText("FailureReason"), OptionalText("RefusingAccountId"));
            },
            cancellationToken);
    }

    // A bank whose Bank.Transfers was never started since it keeps a copy has none.
    private async Task<(Dictionary<string, KnownAccountRow>, bool)> ReadKnownAccounts(CancellationToken cancellationToken)
    {
        var database = Database("Bank.Transfers");
        await using var transfers = await database.OpenAsync(cancellationToken);
        var views = await Rows(
            transfers,
            database.Kind == DatabaseKind.PostgreSql ? "SELECT 1 FROM pg_class WHERE relname = 'known_account' AND relkind = 'v'" : "SELECT 1 FROM sqlite_master WHERE name = 'known_account' AND type = 'view'",
            _ => true, cancellationToken);
        if (views.Count == 0) return ([], false);
        var filled = await Rows(
            transfers, "SELECT 1 FROM projection_generation WHERE projection = 'known-accounts' AND state = 1 AND filled_us IS NOT NULL", _ => true, cancellationToken);
        var rows = await Rows(
            transfers, "SELECT account_id, currency, closed_us FROM known_account",
            row => new KnownAccountRow(row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), !row.IsDBNull(2)), cancellationToken);
        return (rows.ToDictionary(row => row.AccountId), filled.Count > 0);
    }

    private async Task<(long Count, IReadOnlyList<string> Files)> ReadErrors(CancellationToken cancellationToken)
    {
        // On a broker they are only counted: to look at a message is to take it, and to give it back counts as a failed delivery.
        if (plan.RabbitMqConnection is { } broker) return (await BrokerQueues.Count(broker, "error", cancellationToken), []);
        var files = new LearningTransportQueue(Path.Combine(plan.DataDirectory, "transport"), "error").Files();
        return (files.Count, files);
    }

    private BankDatabase Database(string endpoint) => plan.DatabaseConnections.TryGetValue(endpoint, out var connection)
        ? new BankDatabase(DatabaseKind.PostgreSql, connection)
        : new BankDatabase(DatabaseKind.Sqlite, "Data Source=" + Existing(FileOf(endpoint)));

    private string FileOf(string endpoint) => Path.Combine(plan.DataDirectory, endpoint + ".db");

    private static string Existing(string file) =>
        File.Exists(file) ? file : throw new VerbException(ExitCode.Unavailable, $"There is no database {file}; was the bank ever started there?");

    private static SqlHubStorage HubOf(BankDatabase database)
    {
        ValueTask<DbConnection> Open(CancellationToken cancellationToken) => new(database.OpenAsync(cancellationToken));
        return database.Kind == DatabaseKind.PostgreSql ? SqlHubStorage.OnPostgreSql(Open) : SqlHubStorage.OnSqlite(Open);
    }

    private static async Task<List<T>> Rows<T>(DbConnection connection, string sql, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken)) rows.Add(read(reader));
        return rows;
    }
}
