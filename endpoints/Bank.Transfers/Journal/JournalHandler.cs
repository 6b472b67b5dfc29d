using Bank.Contracts;
using Bank.Hub;
using Bank.StreamStore;
using Bank.StreamStore.Streams;

namespace Bank.Transfers.Journal;

/// <summary>Keeps what this endpoint published, for those who ask for it later. The same event again is kept once.</summary>
public sealed class JournalHandler(IStreamStore journal) : IHandleMessages<ITransferEvent>
{
    public Task Handle(ITransferEvent message, IMessageHandlerContext context)
    {
        var metadata = new EventMetadata
        {
            ConversationId = context.MessageHeaders.GetValueOrDefault(Headers.ConversationId),
            CausationId = context.MessageHeaders.GetValueOrDefault(Headers.RelatedTo),
        };
        return journal.AppendToStream(
            JournalContracts.StreamOf(message.TransferId), ExpectedVersion.Any, JournalContracts.Write(message, metadata), context.CancellationToken);
    }
}
