using Bank.Contracts;
using Bank.Contracts.Accounts;

namespace Bank.Accounts.Accounts;

/// <summary>What must hold before something may happen. Each rule returns the reason of a refusal, or null.</summary>
internal static class AccountRules
{
    public const int LongestAccountId = 64;

    /// <summary>What the account's own state has no part in.</summary>
    public static string? RefuseText(Origin origin, string? counterpartyAccountId = null) =>
        origin.IsWellFormed() && (counterpartyAccountId is null || IsAccountId(counterpartyAccountId)) ? null : DeclineReason.Malformed;

    /// <summary>Whether a text may name an account.</summary>
    public static bool IsAccountId(string text) =>
        text.Length is > 0 and <= LongestAccountId && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':');

    public static string? RefuseOpening(Account account, OpenAccount command) => account.Status switch
    {
        AccountStatus.Open => DeclineReason.AccountAlreadyOpen,
        AccountStatus.Closed => DeclineReason.AccountIsClosed,
        _ when !Currency.IsKnown(command.Currency) => DeclineReason.CurrencyUnknown,
        _ when command.OverdraftLimit is { } limit && limit.Currency != command.Currency => DeclineReason.CurrencyMismatch,
        _ when command.OverdraftLimit is { MinorUnits: < 0 } => DeclineReason.OverdraftLimitNegative,
        _ => null,
    };

    public static string? RefuseUse(Account account) => account.Status switch
    {
        AccountStatus.None => DeclineReason.AccountUnknown,
        AccountStatus.Closed => DeclineReason.AccountIsClosed,
        _ => null,
    };

    public static string? RefuseIncoming(Account account, Money amount) =>
        RefuseUse(account) ?? RefuseAmount(account, amount) ?? (FitsAfter(account, amount.MinorUnits) ? null : DeclineReason.AmountTooLarge);

    public static string? RefuseOutgoing(Account account, Money amount) =>
        RefuseUse(account) ?? RefuseAmount(account, amount) ?? (amount.MinorUnits <= account.Available ? null : DeclineReason.InsufficientFunds);

    public static string? RefuseClosing(Account account) =>
        RefuseUse(account)
        ?? (account.Holds.Count > 0 ? DeclineReason.ReservationsOpen : account.Balance != 0 ? DeclineReason.BalanceNotZero : null);

    public static string WhyNoHold(Account account, Guid reservationId) =>
        RefuseUse(account) is { } reason && account.Status == AccountStatus.None ? reason
        : !account.EndedHolds.TryGetValue(reservationId, out var end) ? DeclineReason.ReservationUnknown
        : end == HoldEnd.Captured ? DeclineReason.ReservationAlreadyCaptured
        : DeclineReason.ReservationEnded;

    private static string? RefuseAmount(Account account, Money amount) =>
        amount.Currency != account.Currency ? DeclineReason.CurrencyMismatch
        : !amount.IsPositive() ? DeclineReason.AmountNotPositive
        : null;

    // Balance plus overdraft is what others add up; it must stay representable.
    private static bool FitsAfter(Account account, long amount) =>
        (Int128)account.Balance + amount + account.OverdraftLimit <= long.MaxValue;
}
