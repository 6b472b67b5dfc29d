using Bank.StreamStore;

namespace Bank.Hub.Replays;

/// <summary>Sends one replay from where it stands to its end. What was sent after the last save goes out again after a crash.</summary>
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

        replay = replay.Request.EventsPerMessage is { } perMessage
            ? await SendPacked(replay, perMessage, cancellationToken)
            : await SendEach(replay, cancellationToken);
        await Tell(new ReplayEnded(ReplayMail.IdOf(replay.Request.ReplayId, "completed"), clock.GetUtcNow(), replay.Request, replay.UpTo, replay.Events), cancellationToken);
        await Save(replay with { Stage = ReplayStage.Completed }, cancellationToken);
    }

    // Each event as a message of its own, under the id that it was published with.
    private async Task<Replay> SendEach(Replay replay, CancellationToken cancellationToken)
    {
        var (pace, told) = (new ReplayPace(replay.Request.EventsPerSecond, clock), clock.GetUtcNow());
        var reader = new ReplayReader(store, mapper, replay, options.PageSize);
        var chunk = pace.Chunk(options.PageSize);
        while (replay.Position < replay.UpTo)
        {
            var page = await reader.Read(replay.Position, cancellationToken);
            foreach (var events in page.Wanted.Chunk(chunk))
            {
                await pace.Wait(cancellationToken);
                pace.Count(events.Length);
                await Task.WhenAll(events.Select(mapped => session.Send(mapped.Event, ReplayMail.For(replay.Request, mapped), cancellationToken)));
                replay = replay with { Position = events[^1].Message.Position, Events = replay.Events + events.Length };
                // A slow replay may be at one page for long.
                if (chunk < options.PageSize) (replay, told) = await SaveAndTell(replay, told, cancellationToken);
            }

            // What the page held beyond the last wanted event was looked at, too.
            (replay, told) = await SaveAndTell(replay with { Position = page.UpTo }, told, cancellationToken);
        }

        return replay;
    }

    // Several events in a message. The stretches of the messages join, so progress is saved only where one ends.
    private async Task<Replay> SendPacked(Replay replay, int perMessage, CancellationToken cancellationToken)
    {
        var (pace, told, looked) = (new ReplayPace(replay.Request.EventsPerSecond, clock), clock.GetUtcNow(), replay.Position);
        var reader = new ReplayReader(store, mapper, replay, options.PageSize);
        var most = pace.Chunk(perMessage);
        await using var mail = new ReplayPacker(replay, most, options, pace, Tell, clock);
        while (looked < replay.UpTo)
        {
            var page = await reader.Read(looked, cancellationToken);
            foreach (var mapped in page.Wanted)
            {
                await mail.Add(mapped, cancellationToken);
                // A slow replay may be at one page for long.
                if (replay.Request.EventsPerSecond is not null && mail.Sent.Position > replay.Position) (replay, told) = await SaveAndTell(mail.Sent, told, cancellationToken);
            }

            looked = page.UpTo;
            if (clock.GetUtcNow() - told >= options.ProgressInterval || looked >= replay.UpTo) await mail.Close(looked, cancellationToken);
            if (mail.Sent.Position > replay.Position) (replay, told) = await SaveAndTell(mail.Sent, told, cancellationToken);
        }

        return replay;
    }

    /// <returns>The replay, and when its asker last heard of progress.</returns>
    private async Task<(Replay Replay, DateTimeOffset Told)> SaveAndTell(Replay replay, DateTimeOffset told, CancellationToken cancellationToken)
    {
        await Save(replay, cancellationToken);
        var now = clock.GetUtcNow();
        if (now - told < options.ProgressInterval) return (replay, told);
        await Tell(
            new ReplayAdvanced(ReplayMail.IdOf(replay.Request.ReplayId, $"progress/{replay.Position}"), now, replay.Request, replay.Position, replay.UpTo, replay.Events),
            cancellationToken);
        return (replay, now);
    }

    private Task Tell(ReplayNews news, CancellationToken cancellationToken) => session.Send(announcer.Announce(news), ReplayMail.For(news), cancellationToken);

    private async Task<Replay> Save(Replay replay, CancellationToken cancellationToken)
    {
        await storage.Save(replay, cancellationToken);
        return replay;
    }
}
