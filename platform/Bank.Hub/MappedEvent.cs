using System.Text;
using Bank.StreamStore.Infrastructure;
using Bank.StreamStore.Streams;

namespace Bank.Hub;

/// <summary>A stored event as others may see it, in one of its shapes.</summary>
/// <param name="Message">What is stored.</param>
/// <param name="Event">The contract event.</param>
/// <param name="Successor">Whether it tells in a newer shape what another event tells, too.</param>
/// <param name="Metadata">What was stored beside it.</param>
internal sealed record MappedEvent(StreamMessage Message, object Event, bool Successor, EventMetadata Metadata)
{
    private static readonly DeterministicGuidGenerator Ids = new(new Guid("6d0f0c55-7a3d-4f0e-9c8e-2f3b1f6a7d14"));

    /// <returns>Each shape of it, the oldest first; none of an event that nobody outside needs to know of.</returns>
    /// <exception cref="InvalidOperationException">It cannot be mapped; the message names it.</exception>
    public static async Task<IReadOnlyList<MappedEvent>> Of(StreamMessage message, IContractMapper mapper, CancellationToken cancellationToken)
    {
        try
        {
            var shapes = mapper.Shapes(message, (await message.GetJsonData(cancellationToken))!);
            if (shapes.Count == 0) return [];
            var metadata = EventMetadata.Read(message.JsonMetadata);
            return [.. shapes.Select((shape, index) => new MappedEvent(message, shape, index > 0, metadata))];
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new InvalidOperationException(
                $"The stored event {message.MessageId} ({message.Type}, stream {message.StreamId}, version {message.StreamVersion}, position {message.Position}) cannot be mapped: {exception.Message}",
                exception);
        }
    }

    /// <summary>Gives the message the same id each time it goes out, and the headers that lead back to its cause.</summary>
    public void Describe(ExtendableOptions options)
    {
        // A subscriber of several shapes must not take one for a repetition of another.
        var id = Successor ? Ids.Create(Encoding.UTF8.GetBytes($"{Message.MessageId:D}/{Event.GetType().FullName}")) : Message.MessageId;
        options.SetMessageId(id.ToString());
        if (Metadata.ConversationId is { } conversation) options.SetHeader(Headers.ConversationId, conversation);
        if (Metadata.CausationId is { } causation) options.SetHeader(Headers.RelatedTo, causation);
    }
}
