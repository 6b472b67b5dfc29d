using Bank.Channels.Outcomes;
using Bank.Contracts;

namespace Bank.Channels.Handlers;

/// <summary>Notes the outcome of what was sent from here.</summary>
public sealed class OutcomeHandler(RequestStore requests, OutcomeWaiters waiters) : IHandleMessages<IBankEvent>
{
    public async Task Handle(IBankEvent message, IMessageHandlerContext context)
    {
        if (OutcomeOf.Event(message) is not { } outcome) return;
        if (await requests.Decide(message.RequestId, outcome, context.CancellationToken)) waiters.Wake(message.RequestId);
    }
}
