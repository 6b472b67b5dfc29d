namespace Bank.Contracts.Accounts;

/// <summary>Why a hold ended without being booked. Text rather than an enumeration, so that a new reason breaks no reader.</summary>
public static class ReleaseReason
{
    /// <summary>Whoever asked for the hold gave it back.</summary>
    public const string Requested = nameof(Requested);

    /// <summary>Its time was over.</summary>
    public const string Expired = nameof(Expired);
}
