using System.CommandLine;
using Bank.CommandLine.Client;

namespace Bank.CommandLine.Verbs;

/// <summary>Sends one command and shows its outcome.</summary>
internal static class SendVerb
{
    private static readonly Argument<string> Name = new("command") { Description = "open, deposit, withdraw, reserve, capture, release, transfer or close." };
    private static readonly Argument<string> Account = new("account") { Description = "The account; for a transfer, the one that pays." };
    private static readonly Option<string?> Amount = new("--amount") { Description = "The amount, for example 12.34." };
    private static readonly Option<string?> Currency = new("--currency") { Description = "ISO 4217 code, for example EUR." };
    private static readonly Option<string?> Overdraft = new("--overdraft") { Description = "How far the balance may fall below zero; for open." };
    private static readonly Option<string?> To = new("--to") { Description = "The account that is paid; for transfer." };
    private static readonly Option<string?> Reference = new("--reference") { Description = "A reference for both statements; for transfer." };
    private static readonly Option<Guid?> Reservation = new("--reservation") { Description = "The hold; for capture and release." };
    private static readonly Option<DateOnly?> ValueDate = CommonOptions.Day("--value-date", "The day from which the money is to count; for deposit and withdraw. Today when left out.");
    private static readonly Option<string?> Purpose = new("--purpose") { Description = "Why: a code or reference." };
    private static readonly Option<string?> Key = new("--key") { Description = "Idempotency key; the same again has no second effect. A new one when left out." };

    public static Command Make() => Verb.Make(
        "send", "Sends one command and shows its outcome. Exit code 1 when it was declined.",
        [Name, Account, Amount, Currency, Overdraft, To, Reference, Reservation, ValueDate, Purpose, Key, CommonOptions.Url, CommonOptions.Data, CommonOptions.Json],
        Run);

    private static async Task<int> Run(ParseResult parse, CancellationToken cancellationToken)
    {
        using var client = new BankClient(CommonOptions.UrlOf(parse));
        var body = new
        {
            amount = parse.GetValue(Amount),
            currency = parse.GetValue(Currency),
            overdraftLimit = parse.GetValue(Overdraft),
            to = parse.GetValue(To),
            reference = parse.GetValue(Reference),
            reservationId = parse.GetValue(Reservation),
            valueDate = parse.GetValue(ValueDate),
            purpose = parse.GetValue(Purpose),
        };
        var key = parse.GetValue(Key) ?? Guid.CreateVersion7().ToString();
        var outcome = await client.Send(parse.GetValue(Account)!, parse.GetValue(Name)!, body, key, TimeSpan.FromMinutes(1), cancellationToken);
        if (parse.GetValue(CommonOptions.Json)) Verb.PrintJson(outcome.Json);
        else Console.WriteLine(outcome.IsCompleted ? $"{outcome.Event}  {Balance(outcome)}" : $"{outcome.Event}: {outcome.Reason}{Refusing(outcome)}");
        return outcome.IsCompleted ? ExitCode.Done : ExitCode.Refused;
    }

    private static string Refusing(CommandOutcome outcome) =>
        outcome.Json.TryGetProperty("refusingAccountId", out var account) && account.GetString() is { } id ? $", because of account {id}" : "";

    private static string Balance(CommandOutcome outcome) =>
        Verb.Money(outcome.Json.GetProperty("balance")) is { Length: > 0 } balance ? $"balance {balance}, available {Verb.Money(outcome.Json.GetProperty("available"))}" : "";
}
