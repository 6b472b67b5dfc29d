using System.Text.Json.Nodes;
using Bank.Hub.Upcasting;

namespace Bank.Hub.Tests.Upcasting;

public sealed class UpcastersTests
{
    private static readonly Upcasters Steps = new Upcasters()
        .Add("named", "named-2", json => (json["first"], json["last"]) = (json["name"]!.ToString().Split(' ')[0], json["name"]!.ToString().Split(' ')[1]))
        .Add("named-2", "named-3", json => json.Remove("name"));

    [Theory]
    [InlineData("named", """{"name":"Ada Lovelace","id":1}""")]
    [InlineData("named-2", """{"name":"Ada Lovelace","first":"Ada","last":"Lovelace","id":1}""")]
    [InlineData("named-3", """{"id":1,"first":"Ada","last":"Lovelace"}""")]
    public void Every_older_shape_is_led_step_by_step_to_the_newest(string type, string json)
    {
        var (newest, data) = Steps.Upcast(type, json);
        Assert.Equal("named-3", newest);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse("""{"id":1,"first":"Ada","last":"Lovelace"}"""), JsonNode.Parse(data)), data);
    }

    [Fact]
    public void What_needs_no_step_is_not_touched()
    {
        const string json = """{ "any" : "text" }""";
        Assert.Same(json, Steps.Upcast("other", json).Json);
    }

    [Fact]
    public void What_is_no_object_is_refused() => Assert.Throws<InvalidOperationException>(() => Steps.Upcast("named", "[]"));

    [Fact]
    public void Steps_never_go_in_a_circle_nor_two_ways()
    {
        Assert.Throws<ArgumentException>(() => new Upcasters().Add("a", "a", _ => { }));
        Assert.Throws<ArgumentException>(() => new Upcasters().Add("a", "b", _ => { }).Add("b", "c", _ => { }).Add("c", "a", _ => { }));
        Assert.Throws<ArgumentException>(() => new Upcasters().Add("a", "b", _ => { }).Add("a", "c", _ => { }));
    }
}
