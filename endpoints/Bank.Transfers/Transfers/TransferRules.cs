using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Contracts.Transfers;
using Bank.Transfers.KnownAccounts;

namespace Bank.Transfers.Transfers;

/// <summary>What must hold of a transfer before it is tried. Each rule returns the reason of a refusal, or null.</summary>
public static class TransferRules
{
    private const int LongestAccountId = 64;
    private const int LongestReference = 140;

    public static string? Refuse(InitiateTransfer command) =>
        !IsAccountId(command.PayerAccountId) || !IsAccountId(command.PayeeAccountId)
        || !IsText(command.Reference ?? "", LongestReference) || !command.Origin.IsWellFormed()
            ? DeclineReason.Malformed
            : command.PayerAccountId == command.PayeeAccountId ? DeclineReason.SameAccount
            : !command.Amount.IsPositive() ? DeclineReason.AmountNotPositive
            : !Currency.IsKnown(command.Amount.Currency) ? DeclineReason.CurrencyUnknown
            : null;

    /// <summary>Says early what an account could only say later, and would say for ever: what is closed stays closed, and a currency stays what it is.</summary>
    /// <param name="command">A transfer that makes sense by itself.</param>
    /// <param name="payer">What is known of the account that pays; null for nothing.</param>
    /// <param name="payee">What is known of the account that is paid; null for nothing.</param>
    public static Refusal? Refuse(InitiateTransfer command, KnownAccount? payer, KnownAccount? payee) =>
        Refuse(command.PayerAccountId, payer, command.Amount.Currency) ?? Refuse(command.PayeeAccountId, payee, command.Amount.Currency);

    /// <summary>What must be there for the transfer to be answered at all. What fails here goes to the error queue, where nothing is lost.</summary>
    /// <exception cref="MalformedTransferException">A member is missing; the message names it.</exception>
    public static void Check(InitiateTransfer command)
    {
        if (command.RequestId == Guid.Empty) throw new MalformedTransferException(nameof(command.RequestId), "is empty");
        // JSON may say null where the contract does not.
        if (command.PayerAccountId is null) throw new MalformedTransferException(nameof(command.PayerAccountId), "is missing");
        if (command.PayeeAccountId is null) throw new MalformedTransferException(nameof(command.PayeeAccountId), "is missing");
        if (command.Amount is null) throw new MalformedTransferException(nameof(command.Amount), "is missing");
        if (command.Origin is null) throw new MalformedTransferException(nameof(command.Origin), "is missing");
    }

    /// <summary>An account id as others can store it: the id itself when it is well-formed, else as much of it as is, with <c>?</c> for the rest.</summary>
    public static string LegibleId(string text) =>
        IsAccountId(text) ? text : new string([.. text.Take(LongestAccountId).Select(letter => IsOfAccountId(letter) ? letter : '?')]);

    // What is not known is for the account to say.
    private static Refusal? Refuse(string accountId, KnownAccount? known, string currency) => known switch
    {
        { IsClosed: true } => new Refusal(DeclineReason.AccountIsClosed, accountId),
        { Currency: { } own } when own != currency => new Refusal(DeclineReason.CurrencyMismatch, accountId),
        _ => null,
    };

    private static bool IsText(string text, int longest) => text.Length <= longest && !text.Any(char.IsControl);

    private static bool IsAccountId(string text) =>
        text.Length is > 0 and <= LongestAccountId && text.All(IsOfAccountId);

    private static bool IsOfAccountId(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':';
}

/// <summary>A transfer cannot be understood; trying again is pointless.</summary>
public sealed class MalformedTransferException(string field, string problem) : Exception($"{field}: {problem}.");
