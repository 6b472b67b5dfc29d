using Bank.Contracts;
using Bank.Projections.Storage;

namespace Bank.Projections.Projections;

/// <summary>One line for each event of an account, written once; those that moved money are bookings.</summary>
public sealed class StatementProjection : IProjection<IAccountEvent>
{
    public void Apply(IAccountEvent @event, ProjectionBatch batch)
    {
        var booking = Booking.Of(@event);
        batch.Add(
            """
            INSERT INTO statement_line (
                account_id, version, event_id, request_id, kind, is_booking, amount, currency, balance, available, counterparty_id, transfer_id,
                reservation_id, reason, occurred_at, recorded_at, value_date, requested_by, channel, purpose)
            VALUES (
                @account, @version, @event, @request, @kind, @booking, @amount, @currency, @balance, @available, @counterparty, @transfer,
                @reservation, @reason, @occurred, @recorded, @value, @by, @channel, @purpose)
            ON CONFLICT (account_id, version) DO NOTHING
            """,
            ("account", @event.AccountId), ("version", @event.AccountVersion), ("event", @event.EventId.ToString()), ("request", @event.RequestId.ToString()),
            ("kind", @event.GetType().Name), ("booking", booking.IsBooked ? 1 : 0), ("amount", booking.Amount), ("currency", @event.Balance.Currency),
            ("balance", @event.Balance.MinorUnits), ("available", @event.Available.MinorUnits), ("counterparty", booking.CounterpartyId),
            ("transfer", booking.TransferId?.ToString()), ("reservation", booking.ReservationId?.ToString()), ("reason", booking.Reason),
            ("occurred", Instants.ToStored(@event.OccurredAt)), ("recorded", Instants.ToStored(@event.OccurredAt)), ("value", booking.ValueDate),
            ("by", @event.Origin.RequestedBy), ("channel", @event.Origin.Channel), ("purpose", @event.Origin.Purpose));
    }
}
