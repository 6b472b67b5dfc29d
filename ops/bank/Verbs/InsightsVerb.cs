using System.CommandLine;
using System.Text.Json;
using Bank.CommandLine.Client;
using Bank.CommandLine.Running;
using Spectre.Console;

namespace Bank.CommandLine.Verbs;

/// <summary>Shows what an account spends its money on, with whom it deals, and what looked unusual.</summary>
internal static class InsightsVerb
{
    private static readonly Argument<string> Id = new("account") { Description = "The account." };

    public static Command Make() => Verb.Make(
        "insights", "Shows what an account spends its money on, with whom it deals, and what looked unusual.", [Id, CommonOptions.Data, CommonOptions.Json], Run);

    /// <exception cref="VerbException">Nothing was heard of the account, or the endpoint does not answer.</exception>
    public static async Task<AccountInsights> Read(BankClient client, string id, CancellationToken cancellationToken)
    {
        var path = $"/accounts/{Uri.EscapeDataString(id)}";
        var spending = await client.Get($"{path}/spending", cancellationToken) ?? throw new VerbException(ExitCode.Refused, $"Nothing was heard of an account '{id}'.");
        return new AccountInsights(spending, (await client.Get($"{path}/counterparties", cancellationToken))!.Value, (await client.Get($"{path}/suspicions", cancellationToken))!.Value);
    }

    public static void Print(IAnsiConsole console, AccountInsights insights)
    {
        var spent = Verb.Table("Spent", "Month", "Category", ">Payments", ">Amount");
        foreach (var month in insights.Spending.GetProperty("months").EnumerateArray())
        {
            foreach (var category in month.GetProperty("categories").EnumerateArray())
                spent.AddRow(Verb.Text(month, "month"), Verb.Text(category, "category"), Verb.Text(category, "payments"), Verb.Money(category.GetProperty("amount")));
        }

        var others = Verb.Table("Most money exchanged with", "Account", ">Payments", ">Paid", ">Received");
        foreach (var other in insights.Counterparties.GetProperty("counterparties").EnumerateArray())
            others.AddRow(Verb.Text(other, "counterpartyId"), Verb.Text(other, "payments"), Verb.Money(other.GetProperty("paid")), Verb.Money(other.GetProperty("received")));
        console.Write(spent);
        console.Write(others);
        foreach (var suspicion in insights.Suspicions.GetProperty("suspicions").EnumerateArray())
        {
            console.MarkupLine(
                $"[yellow]{Verb.Text(suspicion, "pattern")}[/]: {suspicion.GetProperty("transferIds").GetArrayLength()} transfers from {Verb.Text(suspicion, "since")} to {Verb.Text(suspicion, "occurredAt")}");
        }
    }

    private static async Task<int> Run(ParseResult parse, CancellationToken cancellationToken)
    {
        var plan = RunState.Require(parse.GetValue(CommonOptions.Data)!).Plan;
        using var client = new BankClient(plan.Urls[BankPlan.Insights]);
        var insights = await Read(client, parse.GetValue(Id)!, cancellationToken);
        if (parse.GetValue(CommonOptions.Json)) Verb.PrintJson(insights);
        else Print(AnsiConsole.Console, insights);
        return ExitCode.Done;
    }
}

/// <summary>What Bank.Insights tells of an account, as it tells it.</summary>
internal sealed record AccountInsights(JsonElement Spending, JsonElement Counterparties, JsonElement Suspicions);
