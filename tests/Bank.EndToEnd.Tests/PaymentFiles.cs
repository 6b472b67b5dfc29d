using System.Globalization;
using System.Xml.Linq;

namespace Bank.EndToEnd.Tests;

/// <summary>Makes payment files.</summary>
internal static class PaymentFiles
{
    private static readonly XNamespace Space = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";

    /// <summary>A pain.001.001.09 with one payment in euros to each payee.</summary>
    public static string Pain001(string payer, string[] payees, decimal amount, string? messageId = null)
    {
        var id = messageId ?? Guid.NewGuid().ToString("N")[..30];
        var text = amount.ToString("F2", CultureInfo.InvariantCulture);
        return new XElement(
            Space + "Document",
            new XElement(
                Space + "CstmrCdtTrfInitn",
                new XElement(Space + "GrpHdr", Element("MsgId", id), Element("NbOfTxs", payees.Length), Element("CtrlSum", amount * payees.Length)),
                new XElement(
                    Space + "PmtInf",
                    Element("PmtInfId", "P1"), Element("PmtMtd", "TRF"), Account("DbtrAcct", payer),
                    payees.Select((payee, index) => new XElement(
                        Space + "CdtTrfTxInf",
                        new XElement(Space + "PmtId", Element("EndToEndId", $"E{index}")),
                        new XElement(Space + "Amt", new XElement(Space + "InstdAmt", new XAttribute("Ccy", "EUR"), text)),
                        Account("CdtrAcct", payee)))))).ToString();
    }

    public static string MessageIdOf(string xml) => XElement.Parse(xml).Descendants(Space + "MsgId").Single().Value;

    public static string PayerOf(string xml) => XElement.Parse(xml).Descendants(Space + "DbtrAcct").First().Value;

    private static XElement Account(string name, string id) =>
        new(Space + name, new XElement(Space + "Id", new XElement(Space + "Othr", Element("Id", id))));

    private static XElement Element(string name, object text) => new(Space + name, text);
}
