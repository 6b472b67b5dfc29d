using System.Xml.Linq;
using Bank.CommandLine.Payments;
using Bank.Contracts;

namespace Bank.CommandLine.Tests.Payments;

public sealed class Pain002WriterTests
{
    private static readonly XNamespace Space = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10";

    [Fact]
    public void Each_payment_has_its_status_and_each_rejection_its_reason_code()
    {
        var report = Write(null, "InsufficientFunds", "AccountUnknown", "AccountIsClosed");
        Assert.Equal("PART", report.Descendants(Space + "GrpSts").Single().Value);
        Assert.Equal(["ACSC", "RJCT", "RJCT", "RJCT"], report.Descendants(Space + "TxSts").Select(status => status.Value));
        Assert.Equal(["AM04", "AC01", "AC04"], report.Descendants(Space + "Cd").Select(code => code.Value));
        Assert.Equal(["E0", "E1", "E2", "E3"], report.Descendants(Space + "OrgnlEndToEndId").Select(id => id.Value));
        Assert.Equal("M1", report.Descendants(Space + "OrgnlMsgId").Single().Value);
    }

    [Theory]
    [InlineData("ACSC", null, null)]
    [InlineData("RJCT", "TooLate", "TooLate")]
    public void The_group_status_sums_up(string expected, string? first, string? second) =>
        Assert.Equal(expected, Write(first, second).Descendants(Space + "GrpSts").Single().Value);

    private static XDocument Write(params string?[] reasons)
    {
        var payments = reasons.Select((_, index) => new Payment(1, "P1", null, $"E{index}", "payer", "payee", new Money(100, "EUR"), 1)).ToArray();
        var outcomes = payments.Zip(reasons, (payment, reason) => new PaymentOutcome(payment, reason, Guid.NewGuid())).ToArray();
        var written = Pain002Writer.Write(new PaymentFile("pain.001.001.09", "M1", payments), outcomes, DateTimeOffset.UnixEpoch);
        return XDocument.Parse(written.ToString());
    }
}
