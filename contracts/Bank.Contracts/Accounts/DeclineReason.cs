namespace Bank.Contracts.Accounts;

/// <summary>Why something was refused. Text rather than an enumeration, so that a new reason breaks no reader.</summary>
public static class DeclineReason
{
    /// <summary>No account of this id was ever opened.</summary>
    public const string AccountUnknown = nameof(AccountUnknown);

    /// <summary>The account is open already.</summary>
    public const string AccountAlreadyOpen = nameof(AccountAlreadyOpen);

    /// <summary>The account was closed.</summary>
    public const string AccountIsClosed = nameof(AccountIsClosed);

    /// <summary>The amount is more than what is available.</summary>
    public const string InsufficientFunds = nameof(InsufficientFunds);

    /// <summary>The amount is zero or below.</summary>
    public const string AmountNotPositive = nameof(AmountNotPositive);

    /// <summary>The balance would exceed what the system can represent.</summary>
    public const string AmountTooLarge = nameof(AmountTooLarge);

    /// <summary>The amount is in another currency than the account.</summary>
    public const string CurrencyMismatch = nameof(CurrencyMismatch);

    /// <summary>ISO 4217 does not have the currency.</summary>
    public const string CurrencyUnknown = nameof(CurrencyUnknown);

    /// <summary>The overdraft limit is below zero.</summary>
    public const string OverdraftLimitNegative = nameof(OverdraftLimitNegative);

    /// <summary>There is no such hold.</summary>
    public const string ReservationUnknown = nameof(ReservationUnknown);

    /// <summary>A hold of this id exists already or has ended already.</summary>
    public const string ReservationAlreadyUsed = nameof(ReservationAlreadyUsed);

    /// <summary>The hold was booked already.</summary>
    public const string ReservationAlreadyCaptured = nameof(ReservationAlreadyCaptured);

    /// <summary>The hold was released or has expired.</summary>
    public const string ReservationEnded = nameof(ReservationEnded);

    /// <summary>The account still has a balance.</summary>
    public const string BalanceNotZero = nameof(BalanceNotZero);

    /// <summary>The account still has holds.</summary>
    public const string ReservationsOpen = nameof(ReservationsOpen);

    /// <summary>The request arrived, or would have taken effect, after its time limit.</summary>
    public const string TooLate = nameof(TooLate);

    /// <summary>Payer and payee are the same account.</summary>
    public const string SameAccount = nameof(SameAccount);

    /// <summary>Another request has this transfer id already.</summary>
    public const string TransferIdAlreadyUsed = nameof(TransferIdAlreadyUsed);

    /// <summary>The value date is after today, in UTC.</summary>
    public const string ValueDateInFuture = nameof(ValueDateInFuture);

    /// <summary>The value date is before the day on which the account was opened, in UTC.</summary>
    public const string ValueDateBeforeOpening = nameof(ValueDateBeforeOpening);

    /// <summary>The value date is longer ago than the bank books back.</summary>
    public const string ValueDateTooOld = nameof(ValueDateTooOld);

    /// <summary>An identifier or text in the request is not well-formed.</summary>
    public const string Malformed = nameof(Malformed);
}
