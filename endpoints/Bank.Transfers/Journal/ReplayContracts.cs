using System.Text.Json;
using Bank.Contracts.Replays;
using Bank.Hub.Replays;

namespace Bank.Transfers.Journal;

/// <summary>Requests for replays, and what became of them, between the contracts and the hub.</summary>
public sealed class ReplayContracts : IReplayAnnouncer
{
    public static ReplayRequest Read(RequestReplay command) => new()
    {
        ReplayId = command.ReplayId,
        FromPosition = command.FromPosition,
        UpToPosition = command.UpToPosition,
        StreamPrefixes = command.StreamPrefixes,
        EventTypes = command.EventTypes,
        EventsPerSecond = command.EventsPerSecond,
        EventsPerMessage = command.EventsPerMessage,
        Context = JsonSerializer.Serialize(command),
    };

    public object Announce(ReplayNews news)
    {
        var command = JsonSerializer.Deserialize<RequestReplay>(news.Request.Context)!;
        return news switch
        {
            ReplayBegan began => new ReplayStarted
            {
                EventId = news.EventId, RequestId = command.RequestId, OccurredAt = news.At, Origin = command.Origin, ReplayId = command.ReplayId,
                FromPosition = command.FromPosition, UpToPosition = began.UpTo,
            },
            ReplayAdvanced advanced => new ReplayProgress
            {
                EventId = news.EventId, RequestId = command.RequestId, OccurredAt = news.At, Origin = command.Origin, ReplayId = command.ReplayId,
                Position = advanced.Position, UpToPosition = advanced.UpTo, EventCount = advanced.Events,
            },
            ReplayPacked packed => new ReplayedEvents
            {
                EventId = news.EventId, RequestId = command.RequestId, OccurredAt = news.At, Origin = command.Origin, ReplayId = command.ReplayId,
                AfterPosition = packed.After, UpToPosition = packed.UpTo,
                Events = [.. packed.Events.Select(one => new ReplayedEvent { Position = one.Position, EventType = one.Type.FullName!, Event = one.Json })],
            },
            ReplayEnded ended => new ReplayCompleted
            {
                EventId = news.EventId, RequestId = command.RequestId, OccurredAt = news.At, Origin = command.Origin, ReplayId = command.ReplayId,
                UpToPosition = ended.UpTo, EventCount = ended.Events,
            },
            ReplayDenied denied => new ReplayRefused
            {
                EventId = news.EventId, RequestId = command.RequestId, OccurredAt = news.At, Origin = command.Origin, ReplayId = command.ReplayId,
                Field = denied.Refusal.Field, Reason = denied.Refusal.Reason.ToString(), Detail = denied.Refusal.Detail,
            },
            _ => throw new InvalidOperationException($"{news.GetType().Name} has no contract event."),
        };
    }
}
