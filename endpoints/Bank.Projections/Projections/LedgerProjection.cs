using Bank.Contracts;
using Bank.Projections.Storage;

namespace Bank.Projections.Projections;

/// <summary>Two legs for each monetary fact: the customer's account, and the bank's own on the other side. They sum to zero.</summary>
public sealed class LedgerProjection : IProjection<IAccountEvent>
{
    public void Apply(IAccountEvent @event, ProjectionBatch batch)
    {
        var booking = Booking.Of(@event);
        if (!booking.IsBooked) return;
        AddLeg(batch, @event, 0, "account:" + @event.AccountId, booking.Amount, booking.ValueDate);
        AddLeg(batch, @event, 1, $"{booking.Against}:{@event.Balance.Currency}", -booking.Amount, booking.ValueDate);
    }

    private static void AddLeg(ProjectionBatch batch, IAccountEvent @event, int leg, string ledgerAccount, long amount, int valueDate) =>
        batch.Add(
            """
            INSERT INTO ledger_entry (account_id, version, leg, ledger_account, currency, amount, occurred_at, value_date)
            VALUES (@account, @version, @leg, @ledger, @currency, @amount, @occurred, @value)
            ON CONFLICT (account_id, version, leg) DO NOTHING
            """,
            ("account", @event.AccountId), ("version", @event.AccountVersion), ("leg", leg), ("ledger", ledgerAccount),
            ("currency", @event.Balance.Currency), ("amount", amount), ("occurred", Instants.ToStored(@event.OccurredAt)), ("value", valueDate));
}
