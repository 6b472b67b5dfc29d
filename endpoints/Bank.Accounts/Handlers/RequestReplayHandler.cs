using Bank.Accounts.Publishing;
using Bank.Contracts.Replays;
using Bank.Hub.Replays;

namespace Bank.Accounts.Handlers;

public sealed class RequestReplayHandler(ReplayDesk replays) : IHandleMessages<RequestReplay>
{
    public Task Handle(RequestReplay command, IMessageHandlerContext context)
    {
        // JSON may say null where the contract does not.
        if (command.Origin is null) throw new MalformedCommandException("Origin", "is missing");
        return replays.Take(ReplayContracts.Read(command), context);
    }
}
