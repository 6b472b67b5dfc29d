using System.Text.Json;
using Bank.Contracts;
using Bank.Contracts.Transfers;
using Bank.Hosting;
using Bank.Hub;
using Bank.StreamStore.Streams;

namespace Bank.Transfers.Journal;

/// <summary>What was published, as it is kept: the contract event itself under its own name.</summary>
public sealed class JournalContracts : IContractMapper
{
    private static readonly Dictionary<string, Type> Types =
        new[] { typeof(TransferInitiated), typeof(TransferCompleted), typeof(TransferFailed), typeof(TransferRequestDeclined) }
            .ToDictionary(type => type.Name, StringComparer.Ordinal);

    public IReadOnlyCollection<Type> ContractTypes => Types.Values;

    /// <summary>The stream of a transfer.</summary>
    public static string StreamOf(Guid transferId) => $"transfer-{transferId:D}";

    /// <summary>Writes an event.</summary>
    /// <param name="message">A transfer event.</param>
    /// <param name="metadata">What led to it.</param>
    /// <exception cref="NotSupportedException">It is of a type that is not kept, so that one added to the contracts is never lost silently.</exception>
    public static NewStreamMessage Write(ITransferEvent message, EventMetadata metadata)
    {
        var type = message.GetType();
        if (!Types.ContainsValue(type)) throw new NotSupportedException($"The journal does not know {type.FullName}.");
        return new NewStreamMessage(message.EventId, type.Name, JsonSerializer.Serialize(message, type, MessageJson.Options), metadata.ToJson());
    }

    public object? Map(StreamMessage message, string json) =>
        Types.TryGetValue(message.Type, out var type)
            ? JsonSerializer.Deserialize(json, type, MessageJson.Options)
            : throw new NotSupportedException($"The journal does not know {message.Type}.");
}
