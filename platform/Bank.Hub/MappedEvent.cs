using Bank.StreamStore.Streams;

namespace Bank.Hub;

/// <summary>A stored event as others may see it.</summary>
/// <param name="Message">What is stored.</param>
/// <param name="Event">The contract event.</param>
/// <param name="Metadata">What was stored beside it.</param>
internal sealed record MappedEvent(StreamMessage Message, object Event, EventMetadata Metadata)
{
    /// <returns>Null for an event that nobody outside needs to know of.</returns>
    /// <exception cref="InvalidOperationException">It cannot be mapped; the message names it.</exception>
    public static async Task<MappedEvent?> Of(StreamMessage message, IContractMapper mapper, CancellationToken cancellationToken)
    {
        try
        {
            var contractEvent = mapper.Map(message, (await message.GetJsonData(cancellationToken))!);
            return contractEvent is null ? null : new MappedEvent(message, contractEvent, EventMetadata.Read(message.JsonMetadata));
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
        options.SetMessageId(Message.MessageId.ToString());
        if (Metadata.ConversationId is { } conversation) options.SetHeader(Headers.ConversationId, conversation);
        if (Metadata.CausationId is { } causation) options.SetHeader(Headers.RelatedTo, causation);
    }
}
