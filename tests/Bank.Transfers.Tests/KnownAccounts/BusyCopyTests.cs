using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Replays;
using Bank.Contracts.Transfers;
using Bank.Hosting;
using Bank.ServiceBus;
using Bank.StreamStore;
using Bank.StreamStore.Streams;
using Bank.Testing.Servers;
using Bank.Transfers.Journal;
using Bank.Transfers.KnownAccounts;
using Bank.Transfers.Tests.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Bank.Transfers.Tests.KnownAccounts;

/// <summary>Each message that is handled holds a connection to the database, and asking and writing the copy takes another.</summary>
public sealed class BusyCopyTests
{
    private const int Concurrency = 4;
    private const int Messages = 60;

    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly Origin Alice = new() { RequestedBy = "alice", Channel = "branch", RequestedAt = Noon };
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    [SkippableFact]
    public async Task As_many_messages_at_a_time_as_there_are_connections_in_a_pool_get_on()
    {
        await using var database = await EndpointDatabase.Create(DatabaseKind.PostgreSql);
        Skip.If(database is null, TestDatabase.WhyMissing);
        await using var app = new RunningTransfers(database, Concurrency, poolSize: Concurrency);
        var session = app.Services.GetRequiredService<IMessageSession>();
        await session.Publish(await NothingHappened(app));
        var copy = app.Services.GetRequiredService<IAccountCopy>();

        await Task.WhenAll(Numbers.Select(number => session.Publish(Closed($"closed-{number}"))));
        foreach (var number in Numbers) await Until(async () => (await copy.Find("open", $"closed-{number}", default)).Payee is { IsClosed: true }, $"closed-{number} is known as closed");

        var transfers = Numbers.Select(number => Transfer($"closed-{number}")).ToList();
        await Task.WhenAll(transfers.Select(transfer => session.SendLocal(transfer)));
        var journal = app.Services.GetRequiredService<IStreamStore>();
        foreach (var transfer in transfers)
        {
            StreamMessage[] told = [];
            await Until(async () => (told = (await journal.ReadStreamForwards(JournalContracts.StreamOf(transfer.TransferId), 0, 2)).Messages).Length > 0, "a transfer finishes");
            Assert.Equal(nameof(TransferFailed), Assert.Single(told).Type);
        }
    }

    private static IEnumerable<int> Numbers => Enumerable.Range(0, Messages);

    /// <summary>The answer to the request that is to fill the copy: there is no past.</summary>
    private static async Task<ReplayCompleted> NothingHappened(RunningTransfers app)
    {
        using var client = app.CreateClient();
        using var status = System.Text.Json.JsonDocument.Parse(await client.GetStringAsync("/projections/known-accounts"));
        var replay = status.RootElement.GetProperty("rebuild").GetProperty("sources")[0].GetProperty("replayId").GetGuid();
        return new() { EventId = Guid.NewGuid(), RequestId = replay, OccurredAt = Noon, Origin = Alice, ReplayId = replay, UpToPosition = -1, EventCount = 0 };
    }

    private static AccountClosed Closed(string id) => new()
    {
        EventId = Guid.NewGuid(), RequestId = Guid.NewGuid(), OccurredAt = Noon, Origin = Alice, AccountId = id, AccountVersion = 1, Balance = Money.Zero("EUR"), Available = Money.Zero("EUR"),
    };

    private static InitiateTransfer Transfer(string payee) => new()
    {
        RequestId = Guid.NewGuid(), Origin = Alice, TransferId = Guid.NewGuid(), PayerAccountId = "open", PayeeAccountId = payee, Amount = new Money(1, "EUR"),
    };

    private static async Task Until(Func<Task<bool>> condition, string what)
    {
        var limit = DateTimeOffset.UtcNow + Limit;
        while (!await condition())
        {
            Assert.True(DateTimeOffset.UtcNow < limit, $"Not within {Limit}: {what}.");
            await Task.Delay(20);
        }
    }
}
