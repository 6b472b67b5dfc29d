using System.Text.Json;
using Bank.Contracts;
using Bank.Contracts.Transfers;
using Bank.Hosting;
using Bank.Hub;
using Bank.StreamStore.Streams;
using Bank.Transfers.Transfers;

namespace Bank.Transfers.Journal;

/// <summary>What happened to transfers, as it is kept: the contract event itself under its own name.</summary>
public sealed class JournalContracts : IContractMapper
{
    private static readonly Dictionary<string, Type> Types =
        new[] { typeof(TransferInitiated), typeof(TransferCompleted), typeof(TransferFailed), typeof(TransferRequestDeclined) }
            .ToDictionary(type => type.Name, StringComparer.Ordinal);

    // What is kept is published, and subscribers trust that what must be there is.
    private static readonly JsonSerializerOptions Strict = new(MessageJson.Options) { RespectNullableAnnotations = true };

    public IReadOnlyCollection<Type> ContractTypes => Types.Values;

    /// <summary>The stream of a transfer.</summary>
    public static string StreamOf(Guid transferId) => $"transfer-{transferId:D}";

    /// <summary>Reads the event that a command carries.</summary>
    /// <exception cref="MalformedTransferException">It carries none that could be kept; the message names the member.</exception>
    public static ITransferEvent Read(RecordTransferEvent command)
    {
        // JSON may say null where the command does not.
        if (command.EventType is null || !Types.TryGetValue(command.EventType, out var type))
            throw new MalformedTransferException(nameof(command.EventType), $"'{command.EventType}' is no event that is kept");
        var carried = Read(command.Event, type) ?? throw new MalformedTransferException(nameof(command.Event), "is missing");
        if (carried.EventId == Guid.Empty) throw new MalformedTransferException($"{nameof(command.Event)}.{nameof(carried.EventId)}", "is empty");
        return carried;
    }

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

    private static ITransferEvent? Read(JsonElement json, Type type)
    {
        try
        {
            return json.ValueKind == JsonValueKind.Undefined ? null : (ITransferEvent?)json.Deserialize(type, Strict);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new MalformedTransferException(nameof(RecordTransferEvent.Event), exception.Message.TrimEnd('.'));
        }
    }
}
