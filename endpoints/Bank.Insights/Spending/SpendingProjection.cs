using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Transfers;
using Bank.Hub.Projections;

namespace Bank.Insights.Spending;

/// <summary>Bookings that tell where money goes and where it comes from, once each, and what transfers are for. No text of a payment is kept, only its category.</summary>
internal sealed class SpendingProjection : IProjection, IProject<IAccountEvent>, IProject<ITransferEvent>
{
    public const string ProjectionName = "spending";

    private static readonly ProjectionTable<Movement> Movements = new ProjectionTable<Movement>("movement")
        .Text("account_id", 64, movement => movement.Event.AccountId)
        .Number("version", movement => movement.Event.AccountVersion)
        .Number("amount", movement => movement.Amount)
        .Text("currency", 3, movement => movement.Event.Balance.Currency)
        .Integer("value_month", movement => Months.ToStored(ValueDates.Of(movement.ValueDate, movement.Event.OccurredAt)))
        .Text("category", 20, movement => movement.Amount < 0 ? Category.Of(movement.Event) : "")
        .OptionalText("counterparty_id", 64, movement => movement.CounterpartyId)
        .OptionalText("transfer_id", 36, movement => movement.TransferId?.ToString())
        .Number("occurred_at", movement => Instants.ToStored(movement.Event.OccurredAt))
        .Key("account_id", "version").WrittenOnce();

    private static readonly ProjectionTable<Named> Categories = new ProjectionTable<Named>("transfer_category")
        .Text("transfer_id", 36, named => named.TransferId.ToString())
        .Text("category", 20, named => named.Category)
        .Key("transfer_id").WrittenOnce();

    public string Name => ProjectionName;

    public int Version => 1;

    public IReadOnlyList<ProjectionTable> Tables { get; } = [Movements, Categories];

    public static ProjectionCatalog Catalog() => new(
        [
            new EventFeed<IAccountEvent>("Bank.Accounts") { OccurredAt = e => e.OccurredAt, Subject = e => new SubjectVersion(e.AccountId, e.AccountVersion) },
            new EventFeed<ITransferEvent>("Bank.Transfers") { OccurredAt = e => e.OccurredAt },
        ],
        [new SpendingProjection()]);

    public void Apply(IAccountEvent @event, ProjectionBatch batch)
    {
        var movement = @event switch
        {
            MoneyWithdrawn e => new Movement(e, -e.Amount.MinorUnits, e.ValueDate),
            ReservationCaptured e => new Movement(e, -e.Amount.MinorUnits, e.ValueDate, e.CounterpartyAccountId, e.TransferId),
            AccountCredited e => new Movement(e, e.Amount.MinorUnits, e.ValueDate, e.CounterpartyAccountId, e.TransferId),
            _ => null,
        };
        if (movement is not null) batch.Add(Movements, movement);
    }

    public void Apply(ITransferEvent @event, ProjectionBatch batch)
    {
        if (@event is TransferInitiated { Reference: { } reference } initiated && Category.OfText(reference) is { } category)
            batch.Add(Categories, new Named(initiated.TransferId, category));
    }

    private sealed record Movement(IAccountEvent Event, long Amount, string? ValueDate, string? CounterpartyId = null, Guid? TransferId = null);

    private sealed record Named(Guid TransferId, string Category);
}
