using Bank.Contracts;
using Bank.Contracts.Accounts;

namespace Bank.Accounts.Handlers;

/// <summary>What must hold of a command before it can even be answered in a stream. What fails here goes to the error queue, where nothing is lost.</summary>
internal static class CommandCheck
{
    private const int LongestAccountId = 64;
    private const int LongestActor = 100;
    private const int LongestChannel = 50;
    private const int LongestPurpose = 140;

    /// <exception cref="MalformedCommandException">A member is malformed; the message names it.</exception>
    public static void Check(string accountId, IBankCommand command)
    {
        // JSON may say null where the contract does not.
        if (accountId is null) throw new MalformedCommandException("AccountId", "is missing");
        if (command.Origin is null) throw new MalformedCommandException("Origin", "is missing");
        if (command is Deposit { Amount: null } or Withdraw { Amount: null } or ReserveFunds { Amount: null } or CreditAccount { Amount: null })
            throw new MalformedCommandException("Amount", "is missing");
        if (accountId.Length is 0 or > LongestAccountId || !accountId.All(IsAllowed))
            throw new MalformedCommandException("AccountId", $"must be 1 to {LongestAccountId} letters, digits, or one of - _ . :");
        if (command.RequestId == Guid.Empty) throw new MalformedCommandException("RequestId", "is empty");
        CheckText("Origin.RequestedBy", command.Origin.RequestedBy, LongestActor, mayBeEmpty: false);
        CheckText("Origin.Channel", command.Origin.Channel, LongestChannel, mayBeEmpty: false);
        CheckText("Origin.Purpose", command.Origin.Purpose, LongestPurpose, mayBeEmpty: true);
    }

    private static bool IsAllowed(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':';

    private static void CheckText(string field, string? text, int longest, bool mayBeEmpty)
    {
        if (!mayBeEmpty && string.IsNullOrWhiteSpace(text)) throw new MalformedCommandException(field, "is empty");
        if (text is null) return;
        if (text.Length > longest) throw new MalformedCommandException(field, $"has more than {longest} characters");
        if (text.Any(char.IsControl)) throw new MalformedCommandException(field, "contains a control character");
    }
}

/// <summary>A command cannot be understood; trying again is pointless.</summary>
public sealed class MalformedCommandException(string field, string problem) : Exception($"{field}: {problem}.");
