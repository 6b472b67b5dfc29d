using System.Text.Json;
using Bank.Contracts;
using Bank.Hosting;

namespace Bank.Transfers.Transfers;

/// <summary>Puts an event into the journal, from where it is published. Sent by this endpoint to itself, since what a saga sends leaves together with its state, and what it appends would not.</summary>
public sealed record RecordTransferEvent : IBankCommand
{
    public required Guid RequestId { get; init; }

    public required Origin Origin { get; init; }

    /// <summary>The name of the event's type, without namespace.</summary>
    public required string EventType { get; init; }

    /// <summary>The event, in the form that it is published in.</summary>
    public required JsonElement Event { get; init; }

    /// <summary>The command that carries an event.</summary>
    public static RecordTransferEvent Of(ITransferEvent @event) => new()
    {
        RequestId = @event.RequestId,
        Origin = @event.Origin,
        EventType = @event.GetType().Name,
        Event = JsonSerializer.SerializeToElement(@event, @event.GetType(), MessageJson.Options),
    };
}
