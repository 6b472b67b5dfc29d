using Bank.Accounts.Accounts;
using Bank.Accounts.Handlers;
using Bank.ServiceBus.Testing;
using Bank.StreamStore;
using static Bank.Accounts.Tests.Accounts.Story;

namespace Bank.Accounts.Tests.Accounts;

/// <summary>An account from a snapshot is the account.</summary>
public sealed class SnapshotTests
{
    private static readonly Guid Transfer = new("aaaaaaaa-0000-4000-8000-000000000001");
    private static readonly Guid Open1 = new("aaaaaaaa-0000-4000-8000-000000000002");
    private static readonly Guid Ended = new("aaaaaaaa-0000-4000-8000-000000000003");

    [Fact]
    public void Every_member_of_an_account_comes_back()
    {
        var account = Lively();
        var json = AccountSnapshot.Folding.Write(account);
        var restored = AccountSnapshot.Folding.Read(json);
        Assert.Equal(json, AccountSnapshot.Folding.Write(restored));
        Assert.Equal((account.Status, account.Currency, account.Balance, account.Held, account.OverdraftLimit, account.Version),
            (restored.Status, restored.Currency, restored.Balance, restored.Held, restored.OverdraftLimit, restored.Version));
        Assert.Equal(account.Holds, restored.Holds);
        Assert.Equal(account.EndedHolds, restored.EndedHolds);
        Assert.Equal(account.RecentRequests, restored.RecentRequests);
    }

    [Fact]
    public void The_shape_of_a_snapshot_stays_what_its_type_says()
    {
        // When this fails, a member of Account was added, removed or renamed: give AccountSnapshot a new number, then change the line below.
        var members = System.Text.Json.JsonDocument.Parse(AccountSnapshot.Folding.Write(Lively())).RootElement.EnumerateObject().Select(member => member.Name);
        Assert.Equal(
            ("account/2", "status currency openedOn balance held overdraftLimit version holds endedHolds recentRequests"),
            (AccountSnapshot.Folding.SnapshotType, string.Join(' ', members)));
    }

    [Fact]
    public async Task A_process_that_starts_goes_on_from_the_snapshot()
    {
        using var streams = new InMemoryStreamStore();
        var first = new AccountStore(streams, streams);
        var expected = Account.None;
        foreach (var command in Commands(700))
        {
            var decided = Decide(expected, command, Noon);
            var (type, json) = AccountEventJson.Write(decided);
            await streams.AppendToStream(AccountStore.StreamOf(AccountId), StreamStore.Streams.ExpectedVersion.Any, new StreamStore.Streams.NewStreamMessage(Guid.NewGuid(), type, json));
            expected = expected.Evolve(decided);
        }

        await first.Load(AccountId, default);
        Assert.NotNull(await streams.ReadSnapshot(AccountStore.StreamOf(AccountId), AccountSnapshot.Folding.SnapshotType));
        var restored = await new AccountStore(streams, streams).Load(AccountId, default);
        Assert.Equal(AccountSnapshot.Folding.Write(expected), AccountSnapshot.Folding.Write(restored));
    }

    [Fact]
    public async Task A_process_that_starts_never_folds_more_than_a_hundred_events()
    {
        using var streams = new InMemoryStreamStore();
        var accounts = new AccountStore(streams, streams);
        var handlers = new CashHandlers(accounts, TimeProvider.System);
        await new LifecycleHandlers(accounts, TimeProvider.System).Handle(Open(), new TestableMessageHandlerContext());
        for (var version = 1; version <= 350; version++)
        {
            await handlers.Handle(Deposit(1), new TestableMessageHandlerContext());
            var snapshot = await streams.ReadSnapshot(AccountStore.StreamOf(AccountId), AccountSnapshot.Folding.SnapshotType);
            Assert.InRange(version - (snapshot?.StreamVersion ?? -1), 0, 101);
        }
    }

    private static Account Lively() => Given(
        Open(overdraft: 50), Deposit(100), Reserve(10, Open1, Transfer, Noon.AddDays(1)), Reserve(5, Ended), Release(Ended)).Account;

    private static IEnumerable<Contracts.IBankCommand> Commands(int deposits) =>
        Enumerable.Range(0, deposits).Select(_ => (Contracts.IBankCommand)Deposit(1)).Prepend(Open());
}
