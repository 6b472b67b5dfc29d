using System.Text;
using Bank.Accounts.Accounts;
using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.StreamStore.Infrastructure;

namespace Bank.Accounts.Handlers;

public sealed class ReserveFundsHandler(AccountStore accounts, TimeProvider clock) : IHandleMessages<ReserveFunds>
{
    private static readonly DeterministicGuidGenerator ExpiryRequests = new(new Guid("0f5f1b8e-91f9-4c2c-8f7e-3b9b2d8a4c55"));

    public async Task Handle(ReserveFunds command, IMessageHandlerContext context)
    {
        await accounts.Answer(command.AccountId, command, (account, now) => AccountDecider.Decide(account, command, now), clock, context);
        if (command.ExpiresAt is { } expiresAt) await AskForExpiry(command, expiresAt, clock.GetUtcNow(), context);
    }

    // Also for a request that was answered before: the process may have died between the append and this line.
    private static Task AskForExpiry(ReserveFunds command, DateTimeOffset expiresAt, DateTimeOffset now, IMessageHandlerContext context)
    {
        var requestId = ExpiryRequests.Create(Encoding.UTF8.GetBytes($"{command.AccountId}/{command.ReservationId:D}"));
        var expire = new ExpireReservation
        {
            AccountId = command.AccountId,
            ReservationId = command.ReservationId,
            RequestId = requestId,
            Origin = new Origin { RequestedBy = "Bank.Accounts", Channel = "internal", RequestedAt = expiresAt, Purpose = "hold expired" },
        };
        return Expiries.Ask(expire, expiresAt, now, context);
    }
}
