using System.Text.Json.Nodes;
using Json.Pointer;

namespace Bank.Contracts.Documents;

public sealed class AsyncApiTests
{
    private static readonly JsonNode Document = JsonNode.Parse(ContractDocuments.Generate(ContractMessages.All).Files["asyncapi.json"])!;

    public static TheoryData<string> Messages() => [.. Bank.Contracts.Tests.Sample.MessageTypes.Select(type => type.Name)];

    [Fact]
    public void The_document_has_what_AsyncAPI_3_demands()
    {
        Assert.Equal("3.0.0", (string?)Document["asyncapi"]);
        Assert.All(new[] { "title", "version" }, member => Assert.NotEqual("", (string)Document["info"]![member]!));
        Assert.All(Document["channels"]!.AsObject(), channel => Assert.True(channel.Value!.AsObject().ContainsKey("address")));
        Assert.All(Document["operations"]!.AsObject(), operation => Assert.Contains((string?)operation.Value!["action"], new[] { "send", "receive" }));
        Assert.All(Bindings(), binding => Assert.Equal("0.3.0", (string?)binding["bindingVersion"]));
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        var references = References(Document).ToList();
        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.True(Target(reference) is not null, reference));
    }

    [Fact]
    public void An_operation_names_only_messages_of_its_channel() =>
        Assert.All(Document["operations"]!.AsObject(), operation =>
        {
            var channel = (string)operation.Value!["channel"]!["$ref"]!;
            Assert.All(operation.Value["messages"]!.AsArray(), message => Assert.StartsWith(channel + "/messages/", (string)message!["$ref"]!, StringComparison.Ordinal));
        });

    [Theory]
    [MemberData(nameof(Messages))]
    public void Every_message_has_a_schema_a_channel_and_an_operation(string name)
    {
        Assert.NotNull(Document["components"]!["schemas"]![name]);
        Assert.Equal($"#/components/schemas/{name}", (string?)Document["components"]!["messages"]![name]!["payload"]!["$ref"]);
        Assert.NotEmpty(ChannelsOf(name));
        Assert.Contains(Document["operations"]!.AsObject(), operation => MessagesOf(operation.Value!).Contains(name));
    }

    [Theory]
    [InlineData("Deposit", "Bank.Accounts")]
    [InlineData("InitiateTransfer", "Bank.Transfers")]
    [InlineData("MoneyDeposited", "Bank.Contracts.Accounts:MoneyDeposited")]
    [InlineData("MoneyDeposited", "Bank.Contracts:IAccountEvent")]
    [InlineData("TransferCompleted", "Bank.Contracts:IBankEvent")]
    public void A_message_is_at_the_address_where_the_broker_has_it(string name, string address) => Assert.Contains(address, ChannelsOf(name));

    [Fact]
    public void News_of_a_replay_are_published_nowhere_but_come_to_the_asker()
    {
        Assert.Equal([null], ChannelsOf("ReplayCompleted"));
        var reply = Document["operations"]!["receiveRequestReplayByBankTransfers"]!["reply"]!;
        Assert.Equal("$message.header#/NServiceBus.ReplyToAddress", (string?)reply["address"]!["location"]);
        Assert.NotNull(Target((string)reply["channel"]!["$ref"]!)!["messages"]!["ReplayCompleted"]);
    }

    private static IEnumerable<string> MessagesOf(JsonNode operation)
    {
        var named = operation["messages"]!.AsArray().Select(message => (string)message!["$ref"]!);
        var answers = operation["reply"] is { } reply ? Target((string)reply["channel"]!["$ref"]!)!["messages"]!.AsObject().Select(message => message.Key) : [];
        return named.Select(reference => reference.Split('/')[^1]).Concat(answers);
    }

    private static List<string?> ChannelsOf(string message) =>
        [.. Document["channels"]!.AsObject().Where(channel => channel.Value!["messages"]!.AsObject().ContainsKey(message)).Select(channel => (string?)channel.Value!["address"])];

    private static IEnumerable<JsonNode> Bindings() =>
        Document["channels"]!.AsObject().Concat(Document["components"]!["messages"]!.AsObject()).Select(item => item.Value!["bindings"]?["amqp"]).OfType<JsonNode>();

    private static JsonNode? Target(string reference) => JsonPointer.Parse(reference[1..]).TryEvaluate(Document, out var target) ? target : null;

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject item when item["$ref"] is { } reference => [(string)reference!],
        JsonObject item => item.SelectMany(member => References(member.Value)),
        JsonArray items => items.SelectMany(References),
        _ => [],
    };
}
