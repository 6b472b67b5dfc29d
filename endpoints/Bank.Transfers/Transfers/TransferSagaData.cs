
namespace Bank.Transfers.Transfers;

/// <summary>The stored state of one transfer. Kept after its end, so that whatever comes late finds an ended transfer.</summary>
public class TransferSagaData : ContainSagaData
{
    public Guid TransferId { get; set; }

    public Guid RequestId { get; set; }

    public string PayerAccountId { get; set; } = "";

    public string PayeeAccountId { get; set; } = "";

    public long AmountMinorUnits { get; set; }

    public string Currency { get; set; } = "";

    public string RequestedBy { get; set; } = "";

    public string Channel { get; set; } = "";

    public DateTimeOffset RequestedAt { get; set; }

    public string? Purpose { get; set; }

    public DateTimeOffset Deadline { get; set; }

    /// <summary>One of <see cref="TransferState"/>, as text.</summary>
    public string State { get; set; } = nameof(TransferState.New);

    /// <summary>Why it fails or failed; null while it does not.</summary>
    public string? FailureReason { get; set; }

    /// <summary>The account because of which it fails or failed; null when that is neither of the two.</summary>
    public string? RefusingAccountId { get; set; }

    /// <summary>How often a step had to be asked for again.</summary>
    public int Reminders { get; set; }
}
