using System.Text.Json;
using Bank.Contracts;
using Bank.Contracts.Replays;
using Bank.Hosting;
using Bank.Hub.Projections;

namespace Bank.Transfers.KnownAccounts;

/// <summary>Passes on what replays bring.</summary>
internal sealed class ReplayedEventsHandler(Projector projector) : IHandleMessages<ReplayedEvents>
{
    public Task Handle(ReplayedEvents message, IMessageHandlerContext context) =>
        projector.ProjectStretch(message.ReplayId, message.AfterPosition, message.UpToPosition, [.. message.Events.Select(Read)], context.CancellationToken);

    private static object Read(ReplayedEvent replayed)
    {
        var type = typeof(IBankEvent).Assembly.GetType(replayed.EventType)
            ?? throw new InvalidOperationException($"The event at position {replayed.Position} is a {replayed.EventType}, which this program is too old to know.");
        return replayed.Event.Deserialize(type, MessageJson.Options)!;
    }
}

/// <summary>Passes on what is heard of replays.</summary>
internal sealed class ReplayNewsHandler(Rebuilds rebuilds)
    : IHandleMessages<ReplayStarted>, IHandleMessages<ReplayProgress>, IHandleMessages<ReplayCompleted>, IHandleMessages<ReplayRefused>
{
    public Task Handle(ReplayStarted message, IMessageHandlerContext context) => rebuilds.Bounded(message.ReplayId, message.UpToPosition, context.CancellationToken);

    // What came says how far it is.
    public Task Handle(ReplayProgress message, IMessageHandlerContext context) => Task.CompletedTask;

    public Task Handle(ReplayCompleted message, IMessageHandlerContext context) => rebuilds.Bounded(message.ReplayId, message.UpToPosition, context.CancellationToken);

    public Task Handle(ReplayRefused message, IMessageHandlerContext context) =>
        rebuilds.Refused(message.ReplayId, $"{message.Field}: {message.Reason} {message.Detail}".TrimEnd(), context.CancellationToken);
}

/// <summary>Makes requests for replays.</summary>
internal sealed class ReplayAsker(TimeProvider clock) : IReplayAsker
{
    public object Ask(ReplayOrder order) => new RequestReplay
    {
        RequestId = order.ReplayId,
        Origin = new Origin { RequestedBy = "Bank.Transfers", Channel = "system", RequestedAt = clock.GetUtcNow() },
        ReplayId = order.ReplayId,
        FromPosition = 0,
        EventTypes = order.EventTypes,
        EventsPerMessage = order.EventsPerMessage,
    };
}
