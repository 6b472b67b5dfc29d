using System.Diagnostics;
using Bank.Accounts.Accounts;
using Bank.Accounts.Handlers;
using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.ServiceBus.Testing;
using Bank.StreamStore.Sql;
using Bank.StreamStore.Streams;

namespace Bank.Benchmarks.Store;

/// <summary>Commands handled by the handler of Bank.Accounts, one after the other: for one account with a long history, and for accounts with a short one.</summary>
/// <param name="open">Opens the store.</param>
/// <param name="longHistory">How many events the one account has to begin with.</param>
internal sealed class LongAccount(Func<SqlStreamStoreBase> open, int longHistory)
{
    /// <summary>How many events a short history has to begin with. It has at most twice as many in the end.</summary>
    public const int ShortHistory = 20;

    private const string Currency = "EUR";
    private const int EventsTogether = 2500;

    public string LongId { get; } = "long-" + Guid.NewGuid().ToString("N");

    /// <summary>Writes the long history, and loads it once, as a running process has.</summary>
    public async Task Create(CancellationToken cancellationToken)
    {
        using var store = open();
        await Write(store, LongId, longHistory, cancellationToken);
        await new AccountStore(store, store).Load(LongId, cancellationToken);
    }

    /// <summary>Handles deposits for the long account.</summary>
    /// <param name="commands">How many.</param>
    /// <param name="isFresh">Whether each is handled as in a process that has just started.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Commands per second.</returns>
    public async Task<double> HandleLong(int commands, bool isFresh, CancellationToken cancellationToken)
    {
        using var store = open();
        return await Handle(store, [.. Enumerable.Repeat(LongId, commands)], isFresh, cancellationToken);
    }

    /// <summary>Handles deposits for new short accounts, at most as many for each as it has events.</summary>
    /// <inheritdoc cref="HandleLong" />
    public async Task<double> HandleShort(int commands, bool isFresh, CancellationToken cancellationToken)
    {
        using var store = open();
        var accounts = new List<string>();
        while (accounts.Count < commands)
        {
            var id = "short-" + Guid.NewGuid().ToString("N");
            await Write(store, id, ShortHistory, cancellationToken);
            accounts.AddRange(Enumerable.Repeat(id, Math.Min(ShortHistory, commands - accounts.Count)));
        }

        return await Handle(store, accounts, isFresh, cancellationToken);
    }

    private static async Task<double> Handle(SqlStreamStoreBase store, IReadOnlyList<string> accounts, bool isFresh, CancellationToken cancellationToken)
    {
        var warm = new AccountStore(store, store);
        // A process that runs has its connections, and what is in use in memory.
        foreach (var account in accounts.Distinct()) await warm.Load(account, cancellationToken);
        var watch = Stopwatch.StartNew();
        foreach (var account in accounts)
        {
            var handlers = new CashHandlers(isFresh ? new AccountStore(store, store) : warm, TimeProvider.System);
            await handlers.Handle(Deposit(account), new TestableMessageHandlerContext { CancellationToken = cancellationToken });
        }

        return accounts.Count / watch.Elapsed.TotalSeconds;
    }

    private static async Task Write(SqlStreamStoreBase store, string account, int events, CancellationToken cancellationToken)
    {
        var now = DateTimeOffset.UtcNow;
        var state = Account.None;
        for (var written = 0; written < events;)
        {
            var messages = new NewStreamMessage[Math.Min(EventsTogether, events - written)];
            for (var index = 0; index < messages.Length; index++)
            {
                var next = written + index == 0 ? AccountDecider.Decide(state, Open(account), now) : AccountDecider.Decide(state, Deposit(account), now);
                state = state.Evolve(next);
                var (type, json) = AccountEventJson.Write(next);
                messages[index] = new NewStreamMessage(AccountStore.EventId(account, next.RequestId), type, json, Payload.Metadata);
            }

            await store.AppendToStream(AccountStore.StreamOf(account), written == 0 ? ExpectedVersion.NoStream : written - 1, messages, cancellationToken);
            written += messages.Length;
        }
    }

    private static OpenAccount Open(string account) => new() { RequestId = Guid.NewGuid(), Origin = Origin(), AccountId = account, Currency = Currency };

    private static Deposit Deposit(string account) => new() { RequestId = Guid.NewGuid(), Origin = Origin(), AccountId = account, Amount = new Money(100, Currency) };

    private static Origin Origin() => new() { RequestedBy = "bench", Channel = "branch", RequestedAt = DateTimeOffset.UtcNow };
}
