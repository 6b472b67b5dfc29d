using System.Text.Json;
using Bank.Accounts.Accounts;
using Bank.StreamStore.Snapshots;

namespace Bank.Accounts.Handlers;

/// <summary>The state of an account as a snapshot of its stream.</summary>
public static class AccountSnapshot
{
    /// <summary>How the events of an account become its state. The number in the type changes with the shape of <see cref="Account"/>, and with what its events mean.</summary>
    public static readonly Folding<Account> Folding = new()
    {
        Empty = Account.None,
        Apply = (account, type, json) => account.Evolve(AccountEventJson.Read(type, json)),
        SnapshotType = "account/2",
        Write = account => JsonSerializer.Serialize(account, Options),
        Read = json => JsonSerializer.Deserialize<Account>(json, Options)!,
        // The first command after a start pays for what comes after the snapshot; a snapshot costs about as much as a command.
        SnapshotEvery = 100,
    };

    private static JsonSerializerOptions Options => JsonSerializerOptions.Web;
}
