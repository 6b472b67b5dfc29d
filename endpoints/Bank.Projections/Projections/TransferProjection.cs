using Bank.Contracts;
using Bank.Contracts.Transfers;
using Bank.Projections.Storage;

namespace Bank.Projections.Projections;

/// <summary>One row for each transfer, whose state only moves forward.</summary>
public sealed class TransferProjection : IProjection<ITransferEvent>
{
    public const int Initiated = 0;
    public const int Completed = 1;
    public const int Failed = 2;

    public void Apply(ITransferEvent @event, ProjectionBatch batch)
    {
        switch (@event)
        {
            case TransferInitiated initiated:
                Add(batch, initiated, Initiated, initiated.Reference, null, initiated.OccurredAt, initiated.Deadline, null);
                break;
            case TransferCompleted completed:
                Add(batch, completed, Completed, null, null, null, null, completed.OccurredAt);
                break;
            case TransferFailed failed:
                Add(batch, failed, Failed, null, failed.Reason, null, null, failed.OccurredAt);
                break;
        }
    }

    private static void Add(
        ProjectionBatch batch, ITransferEvent @event, int state, string? reference, string? reason,
        DateTimeOffset? initiatedAt, DateTimeOffset? deadline, DateTimeOffset? endedAt) =>
        batch.Add(
            """
            INSERT INTO transfer (transfer_id, state, payer_account_id, payee_account_id, amount, currency, reference, reason, initiated_at, deadline, ended_at)
            VALUES (@id, @state, @payer, @payee, @amount, @currency, @reference, @reason, @initiated, @deadline, @ended)
            ON CONFLICT (transfer_id) DO UPDATE SET
                state = CASE WHEN excluded.state > transfer.state THEN excluded.state ELSE transfer.state END,
                reference = COALESCE(excluded.reference, transfer.reference),
                reason = COALESCE(excluded.reason, transfer.reason),
                initiated_at = COALESCE(excluded.initiated_at, transfer.initiated_at),
                deadline = COALESCE(excluded.deadline, transfer.deadline),
                ended_at = COALESCE(excluded.ended_at, transfer.ended_at)
            """,
            ("id", @event.TransferId.ToString()), ("state", state), ("payer", @event.PayerAccountId), ("payee", @event.PayeeAccountId),
            ("amount", @event.Amount.MinorUnits), ("currency", @event.Amount.Currency), ("reference", Text(reference)), ("reason", Text(reason)),
            ("initiated", Number(initiatedAt)), ("deadline", Number(deadline)), ("ended", Number(endedAt)));

    // PostgreSQL must know the type of a parameter that is null.
    private static object Text(string? text) => (object?)text ?? DBNull.Value;

    private static object Number(DateTimeOffset? instant) => instant is { } known ? Instants.ToStored(known) : DBNull.Value;
}
