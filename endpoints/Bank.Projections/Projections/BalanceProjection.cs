using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Projections.Storage;

namespace Bank.Projections.Projections;

/// <summary>One row for each account: the highest version wins.</summary>
public sealed class BalanceProjection : IProjection<IAccountEvent>
{
    public void Apply(IAccountEvent @event, ProjectionBatch batch)
    {
        batch.Add(
            """
            INSERT INTO account_balance (account_id, version, currency, balance, available, changed_at)
            VALUES (@account, @version, @currency, @balance, @available, @at)
            ON CONFLICT (account_id) DO UPDATE SET
                version = excluded.version, currency = excluded.currency, balance = excluded.balance, available = excluded.available, changed_at = excluded.changed_at
            WHERE excluded.version > account_balance.version
            """,
            ("account", @event.AccountId), ("version", @event.AccountVersion), ("currency", @event.Balance.Currency),
            ("balance", @event.Balance.MinorUnits), ("available", @event.Available.MinorUnits), ("at", Instants.ToStored(@event.OccurredAt)));
        ApplyLifecycle(@event, batch);
    }

    // An account is opened once and closed once, so each of the two writes columns of its own.
    private static void ApplyLifecycle(IAccountEvent @event, ProjectionBatch batch)
    {
        if (@event is AccountOpened opened)
        {
            batch.Add(
                """
                INSERT INTO account (account_id, currency, overdraft_limit, opened_at) VALUES (@account, @currency, @overdraft, @at)
                ON CONFLICT (account_id) DO UPDATE SET currency = excluded.currency, overdraft_limit = excluded.overdraft_limit, opened_at = excluded.opened_at
                """,
                ("account", opened.AccountId), ("currency", opened.Currency), ("overdraft", opened.OverdraftLimit.MinorUnits), ("at", Instants.ToStored(opened.OccurredAt)));
        }
        else if (@event is AccountClosed closed)
        {
            batch.Add(
                "INSERT INTO account (account_id, closed_at) VALUES (@account, @at) ON CONFLICT (account_id) DO UPDATE SET closed_at = excluded.closed_at",
                ("account", closed.AccountId), ("at", Instants.ToStored(closed.OccurredAt)));
        }
    }
}
