using Bank.Contracts;
using Bank.Hub.Projections;
using Bank.Projections.Storage;

namespace Bank.Projections.Projections;

/// <summary>Two legs for each monetary fact: the customer's account, and the bank's own on the other side. They sum to zero.</summary>
public sealed class LedgerProjection : IProjection, IProject<IAccountEvent>
{
    private static readonly ProjectionTable<Leg> Entries = new ProjectionTable<Leg>("ledger_entry")
        .Text("account_id", 64, leg => leg.Event.AccountId)
        .Number("version", leg => leg.Event.AccountVersion)
        .Integer("leg", leg => leg.Number)
        .Text("ledger_account", 80, leg => leg.LedgerAccount)
        .Text("currency", 3, leg => leg.Event.Balance.Currency)
        .Number("amount", leg => leg.Amount)
        .Number("occurred_at", leg => Instants.ToStored(leg.Event.OccurredAt))
        .Integer("value_date", leg => leg.ValueDate)
        .Key("account_id", "version", "leg").WrittenOnce()
        .Index("ledger_entry_by_account", "currency", "ledger_account");

    public string Name => "ledger";

    public int Version => 1;

    public IReadOnlyList<ProjectionTable> Tables { get; } = [Entries];

    public void Apply(IAccountEvent @event, ProjectionBatch batch)
    {
        var booking = Booking.Of(@event);
        if (!booking.IsBooked) return;
        batch.Add(Entries, new Leg(@event, 0, "account:" + @event.AccountId, booking.Amount, booking.ValueDate));
        batch.Add(Entries, new Leg(@event, 1, $"{booking.Against}:{@event.Balance.Currency}", -booking.Amount, booking.ValueDate));
    }

    private sealed record Leg(IAccountEvent Event, int Number, string LedgerAccount, long Amount, int ValueDate);
}
