namespace Bank.CommandLine.Payments;

/// <summary>What became of one payment.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="Reason">Why it was rejected, as the bank says; null when it was executed.</param>
/// <param name="TransferId">The transfer.</param>
internal sealed record PaymentOutcome(Payment Payment, string? Reason, Guid TransferId)
{
    public bool IsExecuted => Reason is null;
}
