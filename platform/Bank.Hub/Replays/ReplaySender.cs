using Bank.StreamStore;
using Bank.StreamStore.Streams;

namespace Bank.Hub.Replays;

/// <summary>Sends one replay from where it stands to its end. What was sent after the last save goes out again after a crash, under the same ids.</summary>
internal sealed class ReplaySender(
    IStreamStore store, IReplayStorage storage, IContractMapper mapper, IReplayAnnouncer announcer, IMessageSession session, ReplayOptions options, TimeProvider clock)
{
    public async Task Send(Replay replay, CancellationToken cancellationToken)
    {
        if (replay.Stage == ReplayStage.Accepted)
        {
            await Tell(new ReplayBegan(ReplayMail.IdOf(replay.Request.ReplayId, "started"), clock.GetUtcNow(), replay.Request, replay.UpTo), cancellationToken);
            replay = await Save(replay with { Stage = ReplayStage.Started }, cancellationToken);
        }

        replay = await SendEvents(replay, cancellationToken);
        await Tell(new ReplayEnded(ReplayMail.IdOf(replay.Request.ReplayId, "completed"), clock.GetUtcNow(), replay.Request, replay.UpTo, replay.Events), cancellationToken);
        await Save(replay with { Stage = ReplayStage.Completed }, cancellationToken);
    }

    private async Task<Replay> SendEvents(Replay replay, CancellationToken cancellationToken)
    {
        var (pace, filter, told) = (new ReplayPace(replay.Request.EventsPerSecond, clock), new ReplayFilter(replay.Request), clock.GetUtcNow());
        var chunk = pace.Chunk(options.PageSize);
        while (replay.Position < replay.UpTo)
        {
            var page = await store.ReadAllForwards(replay.Position + 1, options.PageSize, prefetchJsonData: true, cancellationToken);
            var wanted = await Wanted(page.Messages.Where(message => message.Position <= replay.UpTo), filter, cancellationToken);
            foreach (var events in wanted.Chunk(chunk))
            {
                await pace.Wait(cancellationToken);
                pace.Count(events.Length);
                await Task.WhenAll(events.Select(mapped => session.Send(mapped.Event, ReplayMail.For(replay.Request, mapped), cancellationToken)));
                replay = replay with { Position = events[^1].Message.Position, Events = replay.Events + events.Length };
                if (chunk < options.PageSize) replay = await Save(replay, cancellationToken);
            }

            // What the page held beyond the last wanted event was looked at, too.
            replay = await Save(replay with { Position = page.IsEnd ? replay.UpTo : Math.Min(page.NextPosition - 1, replay.UpTo) }, cancellationToken);
            if (clock.GetUtcNow() - told < options.ProgressInterval) continue;
            told = clock.GetUtcNow();
            await Tell(
                new ReplayAdvanced(ReplayMail.IdOf(replay.Request.ReplayId, $"progress/{replay.Position}"), told, replay.Request, replay.Position, replay.UpTo, replay.Events),
                cancellationToken);
        }

        return replay;
    }

    private async Task<List<MappedEvent>> Wanted(IEnumerable<StreamMessage> messages, ReplayFilter filter, CancellationToken cancellationToken)
    {
        var wanted = new List<MappedEvent>();
        foreach (var message in messages)
        {
            if (!filter.Wants(message.StreamId)) continue;
            if (await MappedEvent.Of(message, mapper, cancellationToken) is { } mapped && filter.Wants(mapped.Event.GetType())) wanted.Add(mapped);
        }

        return wanted;
    }

    private Task Tell(ReplayNews news, CancellationToken cancellationToken) => session.Send(announcer.Announce(news), ReplayMail.For(news), cancellationToken);

    private async Task<Replay> Save(Replay replay, CancellationToken cancellationToken)
    {
        await storage.Save(replay, cancellationToken);
        return replay;
    }
}
