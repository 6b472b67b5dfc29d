using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Hub.Projections;
using Bank.Projections.Storage;

namespace Bank.Projections.Projections;

/// <summary>Accounts and their balances, one row each: of balances the highest version wins; opening and closing happen once.</summary>
public sealed class BalanceProjection : IProjection, IProject<IAccountEvent>
{
    private static readonly ProjectionTable<IAccountEvent> Balances = new ProjectionTable<IAccountEvent>("account_balance")
        .Text("account_id", 64, e => e.AccountId)
        .Number("version", e => e.AccountVersion)
        .Text("currency", 3, e => e.Balance.Currency)
        .Number("balance", e => e.Balance.MinorUnits)
        .Number("available", e => e.Available.MinorUnits)
        .Number("changed_at", e => Instants.ToStored(e.OccurredAt))
        .Key("account_id").NewestBy("version");

    private static readonly ProjectionTable<Lifecycle> Accounts = new ProjectionTable<Lifecycle>("account")
        .Text("account_id", 64, account => account.AccountId)
        .OptionalText("currency", 3, account => account.OverdraftLimit?.Currency)
        .OptionalNumber("overdraft_limit", account => account.OverdraftLimit?.MinorUnits)
        .OptionalNumber("opened_at", account => Instants.ToStored(account.OpenedAt))
        .OptionalNumber("closed_at", account => Instants.ToStored(account.ClosedAt))
        .Key("account_id").FilledIn();

    public string Name => "balances";

    public int Version => 1;

    public IReadOnlyList<ProjectionTable> Tables { get; } = [Balances, Accounts];

    public void Apply(IAccountEvent @event, ProjectionBatch batch)
    {
        batch.Add(Balances, @event);
        if (@event is AccountOpened opened) batch.Add(Accounts, new Lifecycle(opened.AccountId, opened.OverdraftLimit, opened.OccurredAt, null));
        if (@event is AccountClosed closed) batch.Add(Accounts, new Lifecycle(closed.AccountId, null, null, closed.OccurredAt));
    }

    private sealed record Lifecycle(string AccountId, Money? OverdraftLimit, DateTimeOffset? OpenedAt, DateTimeOffset? ClosedAt);
}
