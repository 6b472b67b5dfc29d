using Bank.Contracts.Replays;
using Bank.Hub.Replays;
using Bank.Transfers.Transfers;

namespace Bank.Transfers.Journal;

public sealed class RequestReplayHandler(ReplayDesk replays) : IHandleMessages<RequestReplay>
{
    public Task Handle(RequestReplay command, IMessageHandlerContext context)
    {
        // JSON may say null where the contract does not.
        if (command.Origin is null) throw new MalformedTransferException("Origin", "is missing");
        return replays.Take(ReplayContracts.Read(command), context);
    }
}
