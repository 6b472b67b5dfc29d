using Bank.StreamStore.Streams;

namespace Bank.Hub;

/// <summary>Turns stored events into the contract events that others may see. Nothing else knows both.</summary>
public interface IContractMapper
{
    /// <summary>The types of all events that <see cref="Shapes"/> may return.</summary>
    IReadOnlyCollection<Type> ContractTypes { get; }

    /// <summary>Maps one stored event.</summary>
    /// <param name="message">The stored event; its id becomes the id of the published message.</param>
    /// <param name="json">Its data.</param>
    /// <returns>The event to publish; null for one that nobody outside needs to know of.</returns>
    /// <remarks>Throwing stops publishing until the cause is mended: an event is never skipped silently.</remarks>
    object? Map(StreamMessage message, string json);

    /// <summary>Maps one stored event to every shape in which it is published side by side.</summary>
    /// <param name="message">The stored event.</param>
    /// <param name="json">Its data.</param>
    /// <returns>What <see cref="Map"/> returns, then its successors, whose message ids derive from its id and their types; empty for what nobody outside needs to know of.</returns>
    /// <remarks>All of them are published. A replay brings each event once: in the newest shape that the asker names, else as <see cref="Map"/> returns it.</remarks>
    IReadOnlyList<object> Shapes(StreamMessage message, string json) => Map(message, json) is { } only ? [only] : [];
}
