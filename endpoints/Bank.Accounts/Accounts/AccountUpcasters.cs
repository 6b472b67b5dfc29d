using Bank.Hub.Upcasting;

namespace Bank.Accounts.Accounts;

/// <summary>How events of older shapes become those of today.</summary>
internal static class AccountUpcasters
{
    // The amount said two things: how much is available again, and by zero that there was no such hold. A hold was never of zero.
    public static readonly Upcasters All = new Upcasters()
        .Add("reservation-released", "reservation-released-2", json => json["hadHold"] = json["amount"]!.GetValue<long>() != 0);
}
