using System.Text.Json.Nodes;
using Bank.Tests;

namespace Bank.EndToEnd.Tests.Integrating;

/// <summary>What docs/integrating.md tells other teams to write works beside the bank.</summary>
[Collection(nameof(SharedServerBank))]
public sealed class IntegrationGuideTests(ServerBank bank)
{
    private const string Withdrawn = "Bank.Contracts.Accounts.MoneyWithdrawn";

    private Accounts Accounts => new(bank.Client);

    [Fact]
    public void The_example_in_CSharp_is_the_one_that_is_compiled()
    {
        var source = File.ReadAllText(Path.Combine(SourceTree.Root, "tests", "Bank.Testing.BonusEndpoint", "Program.cs"));
        Assert.Equal("using NServiceBus;\n" + source.ReplaceLineEndings("\n"), IntegrationGuide.Example("csharp"));
    }

    [SkippableFact]
    public async Task The_example_in_CSharp_hears_of_a_deposit_and_pays_a_bonus()
    {
        Require();
        await using var client = await ForeignClient.Connect(bank.Processes.Plan.RabbitMqConnection!);
        using (var example = new ExampleProcess("dotnet", ExampleIn(AppContext.BaseDirectory), bank.Processes.Plan.RabbitMqConnection!))
        {
            await example.Says("Application started.");
            var account = await Accounts.Open("bonus", balance: 150);
            await Accounts.HasBalance(account, 151);
        }

        await client.Delete("Bonus");
    }

    [SkippableFact]
    public async Task The_example_in_Python_hears_of_a_withdrawal_pays_back_and_counts_it_once()
    {
        Require();
        Skip.If(Python.WithPika is null, "There is no python3 with pika.");
        var folder = Directory.CreateTempSubdirectory("bank-python-");
        var script = Path.Combine(folder.FullName, "cashback.py");
        await File.WriteAllTextAsync(script, IntegrationGuide.Example("python"));
        await using var client = await ForeignClient.Connect(bank.Processes.Plan.RabbitMqConnection!);
        var published = await client.Listen("Bank.Contracts.Accounts:MoneyWithdrawn");
        using (var example = new ExampleProcess(Python.WithPika, script, client.Address.AbsoluteUri, Path.Combine(folder.FullName, "points.db")))
        {
            await example.Says("listening");
            var account = await Accounts.Open("cashback", balance: 80);
            await Accounts.Completed(account, "withdraw", new { amount = "60.00", currency = "EUR" });
            await Accounts.HasBalance(account, 21);
            var (properties, body) = await client.Take(published);
            await example.Says("counted " + properties.MessageId);

            body["AddedNextYear"] = new JsonObject { ["Deep"] = 1 };
            await client.Send("Cashback", "of-next-year", "Bank.Contracts.Accounts.InventedNextYear", "{}");
            await client.Send("Cashback", properties.MessageId!, Withdrawn, body.ToJsonString());
            await example.Says("seen before " + properties.MessageId);
            await Accounts.HasBalance(account, 21);
            Assert.Empty(await bank.BrokenInvariants());
        }

        await client.Delete("Cashback");
        folder.Delete(recursive: true);
    }

    [SkippableFact]
    public async Task An_event_has_the_headers_and_properties_that_its_description_promises()
    {
        Require();
        var description = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(SourceTree.Root, "contracts", "asyncapi.json")))!;
        var channel = description["channels"]!["Bank.Contracts.Accounts.MoneyDeposited"]!;
        var message = description["components"]!["messages"]!["MoneyDeposited"]!;
        await using var client = await ForeignClient.Connect(bank.Processes.Plan.RabbitMqConnection!);
        var published = await client.Listen((string)channel["bindings"]!["amqp"]!["exchange"]!["name"]!);
        await Accounts.Open("described", balance: 10);
        var (properties, _) = await client.Take(published);
        Assert.Equal((string?)message["bindings"]!["amqp"]!["messageType"], properties.Type);
        Assert.Equal((string?)message["contentType"], properties.ContentType);
        Assert.Equal(2, (int)properties.DeliveryMode);
        var promised = description["components"]!["messageTraits"]!["Event"]!["headers"]!["required"]!.AsArray().Select(name => (string)name!);
        Assert.Empty(promised.Except(properties.Headers!.Keys));
    }

    private void Require() => Skip.If(bank.Missing is not null, bank.Missing);

    // Built into its own folder, beside that of these tests.
    private static string ExampleIn(string folder) =>
        Path.Combine(folder.Replace("Bank.EndToEnd.Tests", "Bank.Testing.BonusEndpoint", StringComparison.Ordinal), "Bank.Testing.BonusEndpoint.dll");
}
