namespace Bank.CommandLine.Payments;

/// <summary>What became of one payment.</summary>
/// <param name="Payment">The payment.</param>
/// <param name="Reason">Why it was rejected, as the bank says; null when it was executed.</param>
/// <param name="TransferId">The transfer.</param>
internal sealed record PaymentOutcome(Payment Payment, string? Reason, Guid TransferId)
{
    /// <summary>The reason for a payment whose ids were used before, for another account, amount or reference.</summary>
    public const string IdUsedBefore = nameof(IdUsedBefore);

    public bool IsExecuted => Reason is null;
}
