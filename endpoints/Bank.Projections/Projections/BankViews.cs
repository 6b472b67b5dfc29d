using Bank.Contracts;
using Bank.Hub.Projections;

namespace Bank.Projections.Projections;

/// <summary>What this endpoint answers from, and where the events of it come from.</summary>
internal static class BankViews
{
    public static ProjectionCatalog Catalog() => new(
        [
            new EventFeed<IAccountEvent>("Bank.Accounts") { OccurredAt = e => e.OccurredAt, Subject = e => new SubjectVersion(e.AccountId, e.AccountVersion) },
            new EventFeed<ITransferEvent>("Bank.Transfers") { OccurredAt = e => e.OccurredAt },
        ],
        [new BalanceProjection(), new StatementProjection(), new LedgerProjection(), new TransferProjection()]);
}
