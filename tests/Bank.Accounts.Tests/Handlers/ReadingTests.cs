using System.Text.Json;
using Bank.Contracts;
using Bank.Contracts.Accounts;
using Bank.Hosting;
using static Bank.Accounts.Tests.Accounts.Story;

namespace Bank.Accounts.Tests.Handlers;

/// <summary>Commands as the endpoint reads them from the wire.</summary>
public sealed class ReadingTests
{
    [Theory]
    [InlineData("\"MinorUnits\":1000,", "MinorUnits")]
    [InlineData(",\"Currency\":\"EUR\"", "Currency")]
    public void An_amount_that_lacks_a_member_is_not_taken_for_zero(string left, string member)
    {
        var json = JsonSerializer.Serialize(Deposit(10), MessageJson.Options);
        Assert.Contains(left, json, StringComparison.Ordinal);
        var error = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Deposit>(json.Replace(left, "", StringComparison.Ordinal), MessageJson.Options));
        Assert.Contains(member, error.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void An_amount_is_read_as_it_was_written()
    {
        IBankCommand command = Reserve(5, Guid.NewGuid(), expires: Noon.AddHours(1));
        Assert.Equal(command, JsonSerializer.Deserialize<ReserveFunds>(JsonSerializer.Serialize<object>(command, MessageJson.Options), MessageJson.Options));
    }
}
