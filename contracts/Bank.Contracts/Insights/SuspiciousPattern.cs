namespace Bank.Contracts.Insights;

/// <summary>What makes activity suspicious. Text rather than an enumeration, so that a new pattern breaks no reader.</summary>
public static class SuspiciousPattern
{
    /// <summary>Five outgoing transfers within ten minutes. Told once for each burst, however many transfers follow as closely.</summary>
    public const string TransferBurst = nameof(TransferBurst);
}
