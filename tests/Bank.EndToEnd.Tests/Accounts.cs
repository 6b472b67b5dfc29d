using System.Globalization;
using Bank.CommandLine.Client;

namespace Bank.EndToEnd.Tests;

/// <summary>Opens accounts under names that no other test uses, and reads their balances.</summary>
internal sealed class Accounts(BankClient client)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static string NewId(string name) => $"{name}-{Guid.NewGuid().ToString("N")[..8]}";

    public async Task<string> Open(string name, string currency = "EUR", decimal balance = 0)
    {
        var id = NewId(name);
        await Completed(id, "open", new { currency });
        if (balance > 0) await Completed(id, "deposit", new { amount = Text(balance), currency });
        return id;
    }

    public Task<CommandOutcome> Send(string id, string command, object body, string? key = null) =>
        client.Send(id, command, body, key ?? Guid.NewGuid().ToString(), Limit, CancellationToken.None);

    public async Task Completed(string id, string command, object body)
    {
        var outcome = await Send(id, command, body);
        Assert.True(outcome.IsCompleted, $"{command} on {id}: {outcome.Reason}");
    }

    public Task<CommandOutcome> Transfer(string from, string to, decimal amount, string currency = "EUR", string? key = null) =>
        Send(from, "transfer", new { amount = Text(amount), currency, to }, key);

    /// <summary>Waits until the view shows the balance; views follow their events a little later.</summary>
    public async Task HasBalance(string id, decimal balance)
    {
        var shown = await client.Await(
            $"/accounts/{id}", account => Balance(account) == balance, TimeSpan.FromSeconds(30), CancellationToken.None);
        Assert.Equal(balance, Balance(shown));
    }

    private static decimal Balance(System.Text.Json.JsonElement account) =>
        decimal.Parse(account.GetProperty("balance").GetProperty("amount").GetString()!, CultureInfo.InvariantCulture);

    private static string Text(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);
}
