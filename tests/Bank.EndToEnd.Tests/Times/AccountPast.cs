using Bank.Accounts.Handlers;
using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.ServiceBus.Testing;
using Bank.StreamStore;
using Microsoft.Extensions.Time.Testing;

namespace Bank.EndToEnd.Tests.Times;

/// <summary>
/// Gives an account what it would have had the bank run for days: the handlers of Bank.Accounts write to the store of the running bank, under a clock that
/// shows earlier days. The running endpoints find it there, as they would find what another instance wrote.
/// </summary>
/// <param name="store">The store of Bank.Accounts.</param>
/// <param name="id">An account that is not open yet.</param>
internal sealed class AccountPast(IStreamStore store, string id)
{
    private readonly AccountStore accounts = new(store);

    public Task Open(DateTimeOffset at) => new LifecycleHandlers(accounts, ClockAt(at)).Handle(
        new OpenAccount { RequestId = Guid.NewGuid(), Origin = OriginAt(at), AccountId = id, Currency = "EUR" }, new TestableMessageHandlerContext());

    public Task Deposit(decimal amount, DateTimeOffset at, DateOnly? valueDate = null) => new CashHandlers(accounts, ClockAt(at)).Handle(
        new Deposit { RequestId = Guid.NewGuid(), Origin = OriginAt(at), AccountId = id, Amount = Money.FromDecimal(amount, "EUR"), ValueDate = valueDate?.ToString("yyyy-MM-dd") },
        new TestableMessageHandlerContext());

    private static FakeTimeProvider ClockAt(DateTimeOffset at) => new(at);

    private static Origin OriginAt(DateTimeOffset at) => new() { RequestedBy = "tester", Channel = "test", RequestedAt = at };
}
