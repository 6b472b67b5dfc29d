using System.Data.Common;
using System.Diagnostics;
using Bank.Accounts.Accounts;
using Bank.Contracts;
using Bank.Hub;
using Bank.StreamStore;
using Bank.StreamStore.Streams;
using Npgsql;

namespace Bank.Benchmarks.Rebuild;

/// <summary>The past of a bank, in the store of Bank.Accounts, as if it had been published long ago.</summary>
internal sealed class History(string connectionString)
{
    private const int Accounts = 1000;
    private const int Together = 100;
    private const int Writers = 8;
    private const string Publisher = "publisher";
    private static readonly DateTimeOffset Begin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Writes a history: a thousand accounts with deposits and withdrawals.</summary>
    public async Task Write(int events, CancellationToken cancellationToken)
    {
        using var store = Open();
        await store.CreateSchemaIfNotExists(cancellationToken);
        var share = events / Accounts;
        await Parallel.ForAsync(0, Accounts, new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = cancellationToken }, async (number, token) =>
        {
            var version = ExpectedVersion.NoStream;
            foreach (var batch in Tell(share).Chunk(Together))
                version = (await store.AppendToStream($"account-bench-{number:0000}", version, [.. batch.Select(Stored)], token)).CurrentVersion;
        });
        await MarkAsPublished(await store.ReadHeadPosition(cancellationToken), cancellationToken);
    }

    /// <summary>Reads all of it once, in order.</summary>
    /// <returns>Events per second.</returns>
    public async Task<double> ReadAll(CancellationToken cancellationToken)
    {
        using var store = Open();
        var watch = Stopwatch.StartNew();
        var (events, bytes) = (0, 0L);
        await foreach (var message in store.ReadAllAhead(0, cancellationToken: cancellationToken))
        {
            bytes += (await message.GetJsonDataUtf8(cancellationToken)).Length;
            events++;
        }

        return bytes > 0 ? events / watch.Elapsed.TotalSeconds : throw new InvalidOperationException("There was nothing to read.");
    }

    private static IEnumerable<AccountEvent> Tell(int events)
    {
        var origin = new Origin { RequestedBy = "bench", Channel = "bench", RequestedAt = Begin, Purpose = "history" };
        yield return new Opened { RequestId = Guid.NewGuid(), Origin = origin, OccurredAt = Begin, UnitCurrency = "EUR", Balance = 0, Available = 0, Currency = "EUR", OverdraftLimit = 0 };
        var balance = 0L;
        for (var number = 1; number < events; number++)
        {
            var (isDeposit, at) = (number % 3 != 0, Begin.AddMinutes(number));
            balance += isDeposit ? 100 : -50;
            yield return isDeposit
                ? new Deposited { RequestId = Guid.NewGuid(), Origin = origin, OccurredAt = at, UnitCurrency = "EUR", Balance = balance, Available = balance, Amount = 100, ValueDate = DateOnly.FromDateTime(at.UtcDateTime) }
                : new Withdrawn { RequestId = Guid.NewGuid(), Origin = origin, OccurredAt = at, UnitCurrency = "EUR", Balance = balance, Available = balance, Amount = 50, ValueDate = DateOnly.FromDateTime(at.UtcDateTime) };
        }
    }

    private static NewStreamMessage Stored(AccountEvent @event)
    {
        var (type, json) = AccountEventJson.Write(@event);
        return new NewStreamMessage(Guid.NewGuid(), type, json);
    }

    private async Task MarkAsPublished(long position, CancellationToken cancellationToken)
    {
        var hub = SqlHubStorage.OnPostgreSql(async token =>
        {
            DbConnection connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(token);
            return connection;
        });
        await hub.Prepare(Publisher, cancellationToken);
        var lease = await hub.TryAcquire(Publisher, "bench", TimeSpan.FromMinutes(1), cancellationToken) ?? throw new InvalidOperationException("Somebody publishes already.");
        await hub.Save(Publisher, lease, position, TimeSpan.FromMinutes(1), cancellationToken);
        await hub.Release(Publisher, lease, cancellationToken);
    }

    private PostgresStreamStore Open() => new(new PostgresStreamStoreSettings(connectionString));
}
