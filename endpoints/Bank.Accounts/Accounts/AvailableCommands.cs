using Bank.Contracts.Accounts;

namespace Bank.Accounts.Accounts;

/// <summary>What may be done with an account now, and why not the rest: asked of the same rules that decide.</summary>
public static class AvailableCommands
{
    public static IReadOnlyList<AvailableCommand> Of(Account account)
    {
        var use = AccountRules.RefuseUse(account);
        var opening = account.Status switch
        {
            AccountStatus.Open => DeclineReason.AccountAlreadyOpen,
            AccountStatus.Closed => DeclineReason.AccountIsClosed,
            _ => null,
        };
        var spending = use ?? (account.Available > 0 ? null : DeclineReason.InsufficientFunds);
        var holds = use ?? (account.Holds.Count > 0 ? null : DeclineReason.ReservationUnknown);
        return
        [
            new("open", opening),
            new("deposit", use),
            new("withdraw", spending),
            new("reserve", spending),
            new("capture", holds),
            // A hold that is yet to be made may be called off beforehand.
            new("release", null),
            new("transfer", spending),
            new("close", AccountRules.RefuseClosing(account)),
        ];
    }
}

/// <summary>A command and whether it would be accepted now.</summary>
/// <param name="Name">The last part of its address.</param>
/// <param name="Reason">Why it would be refused whatever it says; null when it depends on what it says, or would be accepted.</param>
public sealed record AvailableCommand(string Name, string? Reason)
{
    public bool Allowed => Reason is null;
}
