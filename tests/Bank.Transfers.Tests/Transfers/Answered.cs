using System.Text.Json;
using Bank.Contracts;
using Bank.Hosting;
using Bank.ServiceBus.Testing;
using Bank.Transfers.Journal;
using Bank.Transfers.Transfers;

namespace Bank.Transfers.Tests.Transfers;

/// <summary>What a saga did with a message: what it told of, and what it asked for.</summary>
internal static class Answered
{
    /// <summary>The events that it sent to the journal, as that reads them. Nothing is published past it.</summary>
    public static IReadOnlyList<ITransferEvent> Told(this TestableSaga<TransferSaga, TransferSagaData>.HandleResult result)
    {
        Assert.Empty(result.Context.PublishedMessages);
        return [.. result.Context.SentMessages.Select(sent => sent.Message).OfType<RecordTransferEvent>().Select(command => JournalContracts.Read(Travelled(command)))];
    }

    /// <summary>The only event of a type that it told of.</summary>
    public static TEvent Told<TEvent>(this TestableSaga<TransferSaga, TransferSagaData>.HandleResult result) where TEvent : ITransferEvent =>
        Assert.Single(result.Told().OfType<TEvent>());

    /// <summary>What it sent to others.</summary>
    public static IReadOnlyList<object> Asked(this TestableSaga<TransferSaga, TransferSagaData>.HandleResult result) =>
        [.. result.Context.SentMessages.Select(sent => sent.Message).Where(message => message is not (RecordTransferEvent or TransferTimedOut))];

    private static RecordTransferEvent Travelled(RecordTransferEvent command) =>
        JsonSerializer.Deserialize<RecordTransferEvent>(JsonSerializer.Serialize(command, MessageJson.Options), MessageJson.Options)!;
}
