using Bank.Contracts;
using Bank.Hub.Projections;
using Bank.Projections.Storage;

namespace Bank.Projections.Projections;

/// <summary>One line for each event of an account, written once; those that moved money are bookings. A line is recorded when its event occurred.</summary>
public sealed class StatementProjection : IProjection, IProject<IAccountEvent>
{
    private static readonly ProjectionTable<Line> Lines = new ProjectionTable<Line>("statement_line")
        .Text("account_id", 64, line => line.Event.AccountId)
        .Number("version", line => line.Event.AccountVersion)
        .Text("event_id", 36, line => line.Event.EventId.ToString())
        .Text("request_id", 36, line => line.Event.RequestId.ToString())
        .Text("kind", 64, line => line.Event.GetType().Name)
        .Integer("is_booking", line => line.Booking.IsBooked ? 1 : 0)
        .Number("amount", line => line.Booking.Amount)
        .Text("currency", 3, line => line.Event.Balance.Currency)
        .Number("balance", line => line.Event.Balance.MinorUnits)
        .Number("available", line => line.Event.Available.MinorUnits)
        .OptionalText("counterparty_id", 64, line => line.Booking.CounterpartyId)
        .OptionalText("transfer_id", 36, line => line.Booking.TransferId?.ToString())
        .OptionalText("reservation_id", 36, line => line.Booking.ReservationId?.ToString())
        .OptionalText("reason", 64, line => line.Booking.Reason)
        .Number("occurred_at", line => Instants.ToStored(line.Event.OccurredAt))
        .Number("recorded_at", line => Instants.ToStored(line.Event.OccurredAt))
        .Integer("value_date", line => line.Booking.ValueDate)
        .Text("requested_by", 100, line => line.Event.Origin.RequestedBy)
        .Text("channel", 50, line => line.Event.Origin.Channel)
        .OptionalText("purpose", 140, line => line.Event.Origin.Purpose)
        .Key("account_id", "version").WrittenOnce()
        .Index("statement_line_by_time", "account_id", "occurred_at", "version")
        .Index("statement_line_by_value", "account_id", "value_date", "version");

    public string Name => "statement";

    public int Version => 1;

    public IReadOnlyList<ProjectionTable> Tables { get; } = [Lines];

    public void Apply(IAccountEvent @event, ProjectionBatch batch) => batch.Add(Lines, new Line(@event, Booking.Of(@event)));

    private sealed record Line(IAccountEvent Event, Booking Booking);
}
