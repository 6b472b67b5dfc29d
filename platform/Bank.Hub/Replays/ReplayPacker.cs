using System.Runtime.InteropServices;
using System.Text.Json;

namespace Bank.Hub.Replays;

/// <summary>Packs events into messages whose stretches join, and sends these, several at a time.</summary>
/// <param name="begin">Where the replay stands.</param>
/// <param name="most">How many events a message holds at most.</param>
/// <param name="options">How large a message is at most, and how events are written.</param>
/// <param name="pace">How fast.</param>
/// <param name="send">Sends a message; done when the transport has it.</param>
/// <param name="clock">The time.</param>
internal sealed class ReplayPacker(
    Replay begin, int most, ReplayOptions options, ReplayPace pace, Func<ReplayNews, CancellationToken, Task> send, TimeProvider clock) : IAsyncDisposable
{
    private const int MostUnderWay = 8;

    private readonly Queue<(Task Sending, Replay Then)> underWay = [];
    private readonly List<PackedEvent> events = [];
    private int bytes;
    private Replay packed = begin;

    /// <summary>How far the replay is by what the transport has taken, without a gap.</summary>
    public Replay Sent { get; private set; } = begin;

    /// <summary>Adds the next event; sends what came before it when that is a message.</summary>
    public async Task Add(MappedEvent mapped, CancellationToken cancellationToken)
    {
        var (type, position) = (mapped.Event.GetType(), mapped.Message.Position);
        var json = JsonSerializer.SerializeToElement(mapped.Event, type, options.EventJson);
        var length = JsonMarshal.GetRawUtf8Value(json).Length;
        // Events of one position stay together, since a stretch ends with a position.
        if (events.Count > 0 && (events.Count >= most || bytes + length > options.MessageBytes) && events[^1].Position < position)
            await Start(events[^1].Position, cancellationToken);
        events.Add(new PackedEvent(position, type, json));
        bytes += length;
    }

    /// <summary>Sends what is left, up to a position that was looked at, and waits until the transport has everything.</summary>
    public async Task Close(long upTo, CancellationToken cancellationToken)
    {
        if (upTo > packed.Position) await Start(upTo, cancellationToken);
        while (underWay.Count > 0) await End();
    }

    /// <summary>Leaves nothing unobserved that is under way.</summary>
    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(underWay.Select(one => one.Sending)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task Start(long upTo, CancellationToken cancellationToken)
    {
        while (underWay.Count >= MostUnderWay || (underWay.TryPeek(out var oldest) && oldest.Sending.IsCompleted)) await End();
        await pace.Wait(cancellationToken);
        pace.Count(events.Count);
        var id = ReplayMail.IdOf(packed.Request.ReplayId, $"events/{packed.Position}/{upTo}");
        var news = new ReplayPacked(id, clock.GetUtcNow(), packed.Request, packed.Position, upTo, [.. events]);
        packed = packed with { Position = upTo, Events = packed.Events + events.Count };
        underWay.Enqueue((send(news, cancellationToken), packed));
        events.Clear();
        bytes = 0;
    }

    private async Task End()
    {
        await underWay.Peek().Sending;
        Sent = underWay.Dequeue().Then;
    }
}
