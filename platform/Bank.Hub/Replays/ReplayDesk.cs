using System.Text.Json;
using Bank.StreamStore;

namespace Bank.Hub.Replays;

/// <summary>Takes requests for replays.</summary>
public sealed class ReplayDesk
{
    private readonly IStreamStore store;
    private readonly IReplayStorage storage;
    private readonly IContractMapper mapper;
    private readonly IReplayAnnouncer announcer;
    private readonly ReplaySignal signal;
    private readonly TimeProvider clock;

    internal ReplayDesk(IStreamStore store, IReplayStorage storage, IContractMapper mapper, IReplayAnnouncer announcer, ReplaySignal signal, TimeProvider clock)
    {
        this.store = store;
        this.storage = storage;
        this.mapper = mapper;
        this.announcer = announcer;
        this.signal = signal;
        this.clock = clock;
    }

    /// <summary>Stores what is asked for, to be sent in the background, or refuses it. The same request again changes nothing.</summary>
    /// <param name="request">What is asked for; the queue to send to is that which the message being handled names.</param>
    /// <param name="context">The handling of the request.</param>
    public async Task Take(ReplayRequest request, IMessageHandlerContext context)
    {
        request = request with { ReplyToAddress = context.ReplyToAddress };
        var head = await store.ReadHeadPosition(context.CancellationToken);
        var refusal = ReplayRules.Check(request, head, mapper.ContractTypes) ?? await Accept(request, head, context.CancellationToken);
        if (refusal is not null) await Refuse(request, refusal, context);
        else signal.Raise();
    }

    private async Task<ReplayRefusal?> Accept(ReplayRequest request, long head, CancellationToken cancellationToken)
    {
        var stored = await storage.Add(Replay.Begin(request, head), cancellationToken);
        return Essence(stored.Request) == Essence(request) ? null : new ReplayRefusal(nameof(request.ReplayId), RefusalReason.AlreadyUsed);
    }

    private Task Refuse(ReplayRequest request, ReplayRefusal refusal, IMessageHandlerContext context)
    {
        var news = new ReplayDenied(ReplayMail.IdOf(request.ReplayId, $"refused/{context.MessageId}"), clock.GetUtcNow(), request, refusal);
        if (!string.IsNullOrWhiteSpace(request.ReplyToAddress)) return context.Send(announcer.Announce(news), ReplayMail.For(news));
        var publish = new PublishOptions();
        publish.SetMessageId(news.EventId.ToString());
        return context.Publish(announcer.Announce(news), publish);
    }

    // Asking again in other words, or at another time, is asking for the same; so is asking for messages of another size, as after a change of settings.
    private static string Essence(ReplayRequest request) => JsonSerializer.Serialize(request with { Context = "", EventsPerMessage = request.EventsPerMessage is null ? null : 1 });
}
