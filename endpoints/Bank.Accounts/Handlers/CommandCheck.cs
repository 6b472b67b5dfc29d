using Bank.Accounts.Accounts;
using Bank.Contracts;
using Bank.Contracts.Accounts;

namespace Bank.Accounts.Handlers;

/// <summary>What must hold of a command before it can even be answered in a stream. What fails here goes to the error queue, where nothing is lost.</summary>
internal static class CommandCheck
{
    /// <exception cref="MalformedCommandException">A member is malformed; the message names it.</exception>
    public static void Check(string accountId, IBankCommand command)
    {
        // JSON may say null where the contract does not.
        if (accountId is null) throw new MalformedCommandException("AccountId", "is missing");
        if (command.Origin is null) throw new MalformedCommandException("Origin", "is missing");
        if (command is Deposit { Amount: null } or Withdraw { Amount: null } or ReserveFunds { Amount: null } or CreditAccount { Amount: null })
            throw new MalformedCommandException("Amount", "is missing");
        if (!AccountRules.IsAccountId(accountId))
            throw new MalformedCommandException("AccountId", $"must be 1 to {AccountRules.LongestAccountId} letters, digits, or one of - _ . :");
        if (command.RequestId == Guid.Empty) throw new MalformedCommandException("RequestId", "is empty");
    }
}

/// <summary>A command cannot be understood; trying again is pointless.</summary>
public sealed class MalformedCommandException(string field, string problem) : Exception($"{field}: {problem}.");
