using System.Text;
using Bank.Channels.Commands;

namespace Bank.Channels.Tests.Commands;

public sealed class RequestIdsTests
{
    [Fact]
    public void The_same_caller_with_the_same_key_has_the_same_id_for_ever() =>
        // Written down, since a change of it would let a retry across an upgrade move money twice.
        Assert.Equal(Guid.Parse("a4592795-bdd5-8a89-8f13-f8eace00b179"), RequestIds.Of("customer-4", "mobile", "key-00000001"));

    [Theory]
    [InlineData("customer-5", "mobile", "key-00000001")]
    [InlineData("customer-4", "branch", "key-00000001")]
    [InlineData("customer-4", "mobile", "key-00000002")]
    [InlineData("mobile", "customer-4", "key-00000001")]
    public void Another_caller_channel_or_key_has_another_id(string requestedBy, string channel, string key) =>
        Assert.NotEqual(RequestIds.Of("customer-4", "mobile", "key-00000001"), RequestIds.Of(requestedBy, channel, key));

    [Fact]
    public void An_id_is_a_well_formed_UUID_of_version_8()
    {
        var id = RequestIds.Of("customer-4", "mobile", "key-00000001");
        Assert.Equal(8, id.Version);
        Assert.InRange(id.Variant, 8, 11);
    }

    [Theory]
    [InlineData("b", "withdraw", "{}")]
    [InlineData("a", "deposit", "{}")]
    [InlineData("a", "withdraw", "{ }")]
    public void What_was_asked_has_a_fingerprint_of_its_own(string account, string command, string body) =>
        Assert.NotEqual(RequestIds.Fingerprint("a", "withdraw", "{}"u8), RequestIds.Fingerprint(account, command, Encoding.UTF8.GetBytes(body)));

    [Fact]
    public void The_same_request_has_the_same_fingerprint() =>
        Assert.Equal(RequestIds.Fingerprint("a", "withdraw", "{}"u8), RequestIds.Fingerprint("a", "withdraw", "{}"u8.ToArray()));
}
