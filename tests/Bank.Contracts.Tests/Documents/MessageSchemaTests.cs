using System.Text.Json.Nodes;
using Bank.Contracts.Accounts;
using Bank.Contracts.Replays;
using Bank.Hosting;
using Bank.Tests;
using Json.Schema;

namespace Bank.Contracts.Documents;

public sealed class MessageSchemaTests
{
    private static readonly ContractDocuments Documents = ContractDocuments.Generate(ContractMessages.All);

    public static TheoryData<string> Messages() => [.. Bank.Contracts.Tests.Sample.MessageTypes.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_as_it_is_on_the_wire_fits_its_schema(string name)
    {
        Assert.Empty(Faults(name, JsonNode.Parse(GoldenFile.Read(name))!));
        var type = ContractMessages.All.Single(type => type.Name == name);
        Assert.Empty(Faults(name, System.Text.Json.JsonSerializer.SerializeToNode(Bank.Contracts.Tests.Sample.Of(type), type, MessageJson.Options)!));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_that_says_nothing_it_need_not_say_fits_its_schema(string name)
    {
        var schema = Documented(name);
        var message = JsonNode.Parse(GoldenFile.Read(name))!.AsObject();
        var required = schema["required"]!.AsArray().Select(member => (string)member!).ToHashSet(StringComparer.Ordinal);
        var optional = message.Select(member => member.Key).Where(member => !required.Contains(member)).ToList();
        foreach (var member in optional) message[member] = null;
        Assert.Empty(Faults(name, message));
        foreach (var member in optional) message.Remove(member);
        Assert.Empty(Faults(name, message));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void What_a_reader_would_refuse_does_not_fit(string name)
    {
        var message = JsonNode.Parse(GoldenFile.Read(name))!.AsObject();
        foreach (var member in message.Select(member => member.Key).ToList())
        {
            var broken = message.DeepClone().AsObject();
            broken[member] = new JsonArray(new JsonArray());
            Assert.NotEmpty(Faults(name, broken));
        }

        foreach (var member in Documented(name)["required"]!.AsArray().Select(member => (string)member!))
        {
            var broken = message.DeepClone().AsObject();
            broken.Remove(member);
            Assert.NotEmpty(Faults(name, broken));
            broken[member] = null;
            Assert.NotEmpty(Faults(name, broken));
        }
    }

    [Theory]
    [InlineData("EventId", "\"not-a-uuid\"")]
    [InlineData("OccurredAt", "\"yesterday\"")]
    [InlineData("ValueDate", "\"31.03.2026\"")]
    [InlineData("AccountVersion", "\"7\"")]
    [InlineData("AccountVersion", "7.5")]
    [InlineData("Amount", "{ \"MinorUnits\": 1 }")]
    [InlineData("Amount", "{ \"MinorUnits\": 1, \"Currency\": \"eur\" }")]
    [InlineData("Origin", "{ \"RequestedBy\": \"alice\", \"Channel\": \"branch\" }")]
    public void A_malformed_value_does_not_fit(string member, string value)
    {
        var message = JsonNode.Parse(GoldenFile.Read(nameof(MoneyDeposited)))!;
        message[member] = JsonNode.Parse(value);
        Assert.NotEmpty(Faults(nameof(MoneyDeposited), message));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void Members_of_a_newer_version_fit(string name)
    {
        var message = JsonNode.Parse(GoldenFile.Read(name))!;
        message["AddedNextYear"] = new JsonObject { ["Deep"] = 1 };
        message["Origin"]!["AddedNextYear"] = true;
        Assert.Empty(Faults(name, message));
    }

    [Fact]
    public void Reasons_known_today_are_named_and_those_of_a_newer_version_fit()
    {
        var known = Documented(nameof(WithdrawalDeclined))["$defs"]![nameof(DeclineReason)]!["anyOf"]!.AsArray().Select(value => (string?)value!["const"]);
        Assert.Contains(DeclineReason.InsufficientFunds, known);
        var message = JsonNode.Parse(GoldenFile.Read(nameof(WithdrawalDeclined)))!;
        message["Reason"] = "InventedNextYear";
        Assert.Empty(Faults(nameof(WithdrawalDeclined), message));
    }

    [Fact]
    public void A_replayed_event_fits_the_schema_that_its_type_names()
    {
        var events = JsonNode.Parse(GoldenFile.Read(nameof(ReplayedEvents)))!["Events"]!.AsArray();
        Assert.NotEmpty(events);
        Assert.All(events, item => Assert.Empty(Faults(((string)item!["EventType"]!).Split('.')[^1], item["Event"]!)));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_schema_says_its_draft_its_id_and_what_every_member_means(string name)
    {
        var schema = Documented(name);
        Assert.Equal(JsonSchemaFile.Draft, (string?)schema["$schema"]);
        Assert.EndsWith("." + name, (string?)schema["$id"], StringComparison.Ordinal);
        Assert.Equal(name, (string?)schema["title"]);
        var described = schema["$defs"]!.AsObject().Select(definition => definition.Value!).Prepend(schema).ToList();
        Assert.All(described, one => Assert.NotEqual("", (string)one["description"]!));
        Assert.All(described.SelectMany(one => one["properties"]?.AsObject() ?? []), member => Assert.NotEqual("", (string)member.Value!["description"]!));
    }

    private static JsonNode Documented(string name) => JsonNode.Parse(Documents.Files[$"schemas/{name}.json"])!;

    private static IReadOnlyList<string> Faults(string name, JsonNode message)
    {
        var options = new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true };
        var result = JsonSchema.FromText(Documents.Files[$"schemas/{name}.json"]).Evaluate(message, options);
        return result.IsValid ? [] : [$"{name} does not fit", .. result.Details.Where(detail => detail.HasErrors).SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}"))];
    }
}
