using System.Diagnostics;
using Bank.Contracts;
using Bank.Hub;
using Bank.StreamStore;
using Bank.StreamStore.Streams;
using Bank.Transfers.Transfers;

namespace Bank.Transfers.Journal;

/// <summary>Keeps what happened to transfers; the hub publishes it from there. The same event again is kept once.</summary>
public sealed class JournalHandler(IStreamStore journal) : IHandleMessages<RecordTransferEvent>, IHandleMessages<ITransferEvent>
{
    public Task Handle(RecordTransferEvent command, IMessageHandlerContext context) => Keep(JournalContracts.Read(command), context);

    // Earlier programs published from their outbox and subscribed to that. What they left in the queue, or in the outbox of a message that is yet to be retried, comes this way.
    public Task Handle(ITransferEvent message, IMessageHandlerContext context) => Keep(message, context);

    private Task Keep(ITransferEvent message, IMessageHandlerContext context)
    {
        var metadata = new EventMetadata
        {
            ConversationId = context.MessageHeaders.GetValueOrDefault(Headers.ConversationId),
            // What the saga handled when it told of this. The command in between is nobody else's concern.
            CausationId = context.MessageHeaders.GetValueOrDefault(Headers.RelatedTo),
            Traceparent = Activity.Current?.Id,
        };
        return journal.AppendToStream(
            JournalContracts.StreamOf(message.TransferId), ExpectedVersion.Any, JournalContracts.Write(message, metadata), context.CancellationToken);
    }
}
