using Bank.Accounts.Accounts;
using Bank.Contracts;

namespace Bank.Accounts.Handlers;

internal static class AccountStoreExtensions
{
    /// <summary>Checks the command, then answers it.</summary>
    public static Task Answer(
        this AccountStore accounts, string accountId, IBankCommand command, Func<Account, DateTimeOffset, AccountEvent> decide, TimeProvider clock, IMessageHandlerContext context)
    {
        CommandCheck.Check(accountId, command);
        return accounts.Answer(accountId, command.RequestId, account => decide(account, clock.GetUtcNow()), context);
    }
}
