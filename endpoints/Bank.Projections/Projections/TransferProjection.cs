using Bank.Contracts;
using Bank.Contracts.Transfers;
using Bank.Hub.Projections;
using Bank.Projections.Storage;

namespace Bank.Projections.Projections;

/// <summary>One row for each transfer, whose state only moves forward.</summary>
public sealed class TransferProjection : IProjection, IProject<ITransferEvent>
{
    public const int Initiated = 0;
    public const int Completed = 1;
    public const int Failed = 2;

    private static readonly ProjectionTable<Row> Transfers = new ProjectionTable<Row>("transfer")
        .Text("transfer_id", 36, row => row.Event.TransferId.ToString())
        .Integer("state", row => row.State)
        .Text("payer_account_id", 64, row => row.Event.PayerAccountId)
        .Text("payee_account_id", 64, row => row.Event.PayeeAccountId)
        .Number("amount", row => row.Event.Amount.MinorUnits)
        .Text("currency", 3, row => row.Event.Amount.Currency)
        .OptionalText("reference", 140, row => row.Reference)
        .OptionalText("reason", 64, row => row.Reason)
        .OptionalNumber("initiated_at", row => Instants.ToStored(row.InitiatedAt))
        .OptionalNumber("deadline", row => Instants.ToStored(row.Deadline))
        .OptionalNumber("ended_at", row => Instants.ToStored(row.EndedAt))
        .Key("transfer_id").FilledIn(greatest: "state")
        .Index("transfer_by_state", "state", "transfer_id");

    public string Name => "transfers";

    public int Version => 1;

    public IReadOnlyList<ProjectionTable> Tables { get; } = [Transfers];

    public void Apply(ITransferEvent @event, ProjectionBatch batch)
    {
        switch (@event)
        {
            case TransferInitiated initiated:
                batch.Add(Transfers, new Row(initiated, Initiated) { Reference = initiated.Reference, InitiatedAt = initiated.OccurredAt, Deadline = initiated.Deadline });
                break;
            case TransferCompleted completed:
                batch.Add(Transfers, new Row(completed, Completed) { EndedAt = completed.OccurredAt });
                break;
            case TransferFailed failed:
                batch.Add(Transfers, new Row(failed, Failed) { Reason = failed.Reason, EndedAt = failed.OccurredAt });
                break;
        }
    }

    private sealed record Row(ITransferEvent Event, int State)
    {
        public string? Reference { get; init; }

        public string? Reason { get; init; }

        public DateTimeOffset? InitiatedAt { get; init; }

        public DateTimeOffset? Deadline { get; init; }

        public DateTimeOffset? EndedAt { get; init; }
    }
}
