using Bank.ServiceBus.Hosting;

namespace Bank.ServiceBus.Tests.Core;

public sealed class AuditChoiceTests
{
    private const string Address = "NSERVICEBUS__AUDIT__ADDRESS";
    private const string Disabled = "NSERVICEBUS__AUDIT__DISABLED";

    private static AuditChoice Of(Action<EndpointConfiguration> configure, params (string Name, string Value)[] environment)
    {
        var configuration = new EndpointConfiguration("Test");
        configure(configuration);
        return AuditChoice.Of(configuration.Values, name => environment.FirstOrDefault(pair => pair.Name == name).Value);
    }

    [Fact]
    public void Nothing_is_audited_unless_somebody_asks() => Assert.Null(Of(_ => { }).Queue);

    [Fact]
    public void An_operator_can_ask_for_audit_in_the_environment() => Assert.Equal("audit", Of(_ => { }, (Address, "audit")).Queue);

    [Fact]
    public void What_the_code_says_counts_before_the_environment() =>
        Assert.Equal(
            new AuditChoice("of-the-code", TimeSpan.FromDays(1)),
            Of(endpoint => endpoint.AuditProcessedMessagesTo("of-the-code", TimeSpan.FromDays(1)), (Address, "of-the-environment")));

    [Theory]
    [InlineData("true", null)]
    [InlineData("True", null)]
    [InlineData("false", "audit")]
    [InlineData("", "audit")]
    public void An_operator_can_switch_audit_off(string disabled, string? expected) =>
        Assert.Equal(expected, Of(endpoint => endpoint.AuditProcessedMessagesTo("audit"), (Disabled, disabled)).Queue);

    [Fact]
    public void A_switch_that_means_nothing_is_refused_by_name()
    {
        var error = Assert.Throws<InvalidOperationException>(() => Of(_ => { }, (Disabled, "perhaps")));
        Assert.Equal($"{Disabled}: 'perhaps' is neither true nor false.", error.Message);
    }

    [Fact]
    public void Who_only_sends_audits_nothing() =>
        Assert.Null(Of(endpoint => endpoint.SendOnly(), (Address, "audit")).Queue);
}
