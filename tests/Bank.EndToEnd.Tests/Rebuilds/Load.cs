using System.Globalization;
using Bank.CommandLine.Client;

namespace Bank.EndToEnd.Tests.Rebuilds;

/// <summary>Deposits, withdrawals and transfers, several at a time, until told to stop.</summary>
internal sealed class Load
{
    private const int AtATime = 6;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly CancellationTokenSource closing = new();
    private readonly BankClient client;
    private readonly string[] accounts;
    private readonly Task[] tellers;
    private int done;

    public Load(BankClient client, string[] accounts, int seed)
    {
        (this.client, this.accounts) = (client, accounts);
        tellers = [.. Enumerable.Range(0, AtATime).Select(number => Serve(new Random(seed + number)))];
    }

    /// <summary>Done when so many requests have had their outcome.</summary>
    public async Task Reached(int requests)
    {
        while (Volatile.Read(ref done) < requests)
        {
            if (tellers.FirstOrDefault(teller => teller.IsFaulted) is { } failed) await failed;
            await Task.Delay(20);
        }
    }

    /// <summary>Ends when what is under way has had its outcome.</summary>
    public async Task Stop()
    {
        await closing.CancelAsync();
        await Task.WhenAll(tellers);
        closing.Dispose();
    }

    private async Task Serve(Random random)
    {
        while (!closing.IsCancellationRequested)
        {
            var (account, other) = (accounts[random.Next(accounts.Length)], accounts[random.Next(accounts.Length)]);
            var amount = random.Next(1, 50).ToString(CultureInfo.InvariantCulture);
            var (command, body) = random.Next(4) switch
            {
                0 => ("deposit", (object)new { amount, currency = "EUR" }),
                1 => ("withdraw", new { amount, currency = "EUR" }),
                // Now and then to itself, which is refused.
                _ => ("transfer", new { amount, currency = "EUR", to = other }),
            };
            await client.Send(account, command, body, Guid.NewGuid().ToString(), Limit, CancellationToken.None);
            Interlocked.Increment(ref done);
        }
    }
}
