using System.Globalization;
using System.Xml.Linq;
using Bank.Contracts.Accounts;

namespace Bank.CommandLine.Payments;

/// <summary>Writes a pain.002.001.10 (ISO 20022, CustomerPaymentStatusReport): the status of each payment of a file.</summary>
internal static class Pain002Writer
{
    private static readonly XNamespace Space = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10";

    public static XDocument Write(PaymentFile file, IReadOnlyCollection<PaymentOutcome> outcomes, DateTimeOffset now)
    {
        var executed = outcomes.Count(outcome => outcome.IsExecuted);
        return new XDocument(
            new XDeclaration("1.0", "utf-8", null),
            new XElement(
                Space + "Document",
                new XElement(
                    Space + "CstmrPmtStsRpt",
                    new XElement(Space + "GrpHdr", Element("MsgId", "STS-" + Guid.CreateVersion7().ToString("N")[..28]), Element("CreDtTm", Instant(now))),
                    new XElement(
                        Space + "OrgnlGrpInfAndSts",
                        Element("OrgnlMsgId", file.MessageId),
                        Element("OrgnlMsgNmId", file.Version),
                        Element("OrgnlNbOfTxs", Number(outcomes.Count)),
                        Element("OrgnlCtrlSum", outcomes.Sum(outcome => outcome.Payment.Amount.ToDecimal()).ToString(CultureInfo.InvariantCulture)),
                        // ACSC: settled; PART: partly accepted; RJCT: rejected (ISO 20022 ExternalPaymentGroupStatus).
                        Element("GrpSts", executed == outcomes.Count ? "ACSC" : executed == 0 ? "RJCT" : "PART")),
                    outcomes.GroupBy(outcome => outcome.Payment.PaymentInformationId).Select(Information))));
    }

    private static XElement Information(IGrouping<string, PaymentOutcome> group) => new(
        Space + "OrgnlPmtInfAndSts",
        Element("OrgnlPmtInfId", group.Key),
        Element("OrgnlNbOfTxs", Number(group.Count())),
        group.Select(Transaction));

    private static XElement Transaction(PaymentOutcome outcome) => new(
        Space + "TxInfAndSts",
        Element("StsId", outcome.TransferId.ToString("N")),
        outcome.Payment.InstructionId is { } instruction ? Element("OrgnlInstrId", instruction) : null,
        Element("OrgnlEndToEndId", outcome.Payment.EndToEndId),
        Element("TxSts", outcome.IsExecuted ? "ACSC" : "RJCT"),
        outcome.Reason is { } reason
            ? new XElement(Space + "StsRsnInf", new XElement(Space + "Rsn", Element("Cd", CodeOf(reason))), Element("AddtlInf", reason))
            : null);

    // ISO 20022 ExternalStatusReason codes: the nearest to each of our reasons.
    private static string CodeOf(string reason) => reason switch
    {
        DeclineReason.AccountUnknown => "AC01",
        DeclineReason.AccountIsClosed => "AC04",
        DeclineReason.InsufficientFunds => "AM04",
        DeclineReason.CurrencyMismatch => "AM03",
        DeclineReason.AmountNotPositive => "AM01",
        DeclineReason.AmountTooLarge => "AM02",
        DeclineReason.SameAccount => "AC02",
        DeclineReason.TooLate => "AB05",
        PaymentOutcome.IdUsedBefore => "AM05",
        _ => "NARR",
    };

    private static XElement Element(string name, string text) => new(Space + name, text);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
