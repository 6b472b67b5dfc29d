using System.Text.Json;
using System.Text.Json.Nodes;
using Bank.Tests;

namespace Bank.Contracts.Tests;

public sealed class MessageJsonTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, NewLine = "\n" };

    public static TheoryData<string> Messages() => [.. Sample.MessageTypes.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Messages))]
    public void The_JSON_of_a_message_stays_what_it_was(string name) =>
        GoldenFile.Check(name, JsonSerializer.Serialize(Sample.Of(TypeOf(name)), TypeOf(name), Indented));

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_reads_back_what_was_written_long_ago(string name) =>
        Assert.Equal(Sample.Of(TypeOf(name)), JsonSerializer.Deserialize(GoldenFile.Read(name), TypeOf(name)));

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_member_of_a_newer_version_does_no_harm(string name)
    {
        var json = JsonNode.Parse(GoldenFile.Read(name))!.AsObject();
        json["AddedNextYear"] = new JsonObject { ["Deep"] = 1 };
        Assert.Equal(Sample.Of(TypeOf(name)), JsonSerializer.Deserialize(json.ToJsonString(), TypeOf(name)));
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_missing_required_member_is_named(string name)
    {
        var required = TypeOf(name).GetProperties().Where(member => member.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute), false)).ToList();
        Assert.NotEmpty(required);
        foreach (var member in required)
        {
            var json = JsonNode.Parse(GoldenFile.Read(name))!.AsObject();
            json.Remove(member.Name);
            var error = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize(json.ToJsonString(), TypeOf(name)));
            Assert.Contains($"'{member.Name}'", error.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_of_before_an_optional_member_was_added_reads_without_it(string name)
    {
        foreach (var member in TypeOf(name).GetProperties().Where(member => member.CanWrite && !member.IsDefined(typeof(System.Runtime.CompilerServices.RequiredMemberAttribute), false)))
        {
            var json = JsonNode.Parse(GoldenFile.Read(name))!.AsObject();
            Assert.True(json.Remove(member.Name));
            Assert.Null(member.GetValue(JsonSerializer.Deserialize(json.ToJsonString(), TypeOf(name))));
        }
    }

    [Fact]
    public void No_golden_file_is_left_of_a_message_that_is_gone() =>
        Assert.Equal(Sample.MessageTypes.Select(type => type.Name).Order(StringComparer.Ordinal), GoldenFile.Names());

    private static Type TypeOf(string name) => Sample.MessageTypes.Single(type => type.Name == name);
}
