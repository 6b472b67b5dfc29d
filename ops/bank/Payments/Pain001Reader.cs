using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Bank.Contracts;

namespace Bank.CommandLine.Payments;

/// <summary>Reads pain.001.001.03 and .09 (ISO 20022, CustomerCreditTransferInitiation) and finds everything that is wrong with a file before anything of it is sent.</summary>
internal sealed class Pain001Reader
{
    private const int LongestId = 35;

    // ISO 20022, ActiveOrHistoricCurrencyAndAmount and DecimalNumber: totalDigits 18. More might not fit a decimal, which would round.
    private const int MostDigits = 18;
    private static readonly string[] Versions = ["pain.001.001.09", "pain.001.001.03"];

    private readonly List<FileProblem> problems = [];
    private XNamespace space = XNamespace.None;

    /// <summary>Reads a file.</summary>
    /// <returns>The file, or what is wrong with it.</returns>
    public static (PaymentFile? File, IReadOnlyList<FileProblem> Problems) Read(Stream stream)
    {
        var reader = new Pain001Reader();
        var file = reader.ReadDocument(stream);
        return (reader.problems.Count == 0 ? file : null, reader.problems);
    }

    private PaymentFile? ReadDocument(Stream stream)
    {
        XDocument document;
        try
        {
            // No document types: entities could reach into other files, or swell without end.
            var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 500_000_000 };
            using var xml = XmlReader.Create(stream, settings);
            document = XDocument.Load(xml, LoadOptions.SetLineInfo);
        }
        catch (XmlException exception)
        {
            problems.Add(new FileProblem(exception.LineNumber, "Document", $"is not well-formed XML: {exception.Message}"));
            return null;
        }

        var root = document.Root!;
        var version = Versions.FirstOrDefault(known => root.Name.NamespaceName == "urn:iso:std:iso:20022:tech:xsd:" + known);
        if (root.Name.LocalName != "Document" || version is null)
        {
            Add(root, $"is '{root.Name.LocalName}' in namespace '{root.Name.NamespaceName}'; a Document of {string.Join(" or ", Versions)} is needed");
            return null;
        }

        space = root.Name.Namespace;
        return Child(root, "CstmrCdtTrfInitn") is { } initiation ? ReadInitiation(version, initiation) : null;
    }

    private PaymentFile? ReadInitiation(string version, XElement initiation)
    {
        if (Child(initiation, "GrpHdr") is not { } header) return null;
        var messageId = Text(header, "MsgId", LongestId);
        var payments = new List<Payment>();
        var amounts = new List<decimal>();
        foreach (var information in initiation.Elements(space + "PmtInf")) ReadInformation(information, payments, amounts);
        if (!initiation.Elements(space + "PmtInf").Any()) Add(initiation, "has no PmtInf");
        if (header.Element(space + "NbOfTxs") is null) Add(header, "has no NbOfTxs");
        CheckTotals(header, amounts);
        return new PaymentFile(version, messageId, payments);
    }

    private void ReadInformation(XElement information, List<Payment> payments, List<decimal> allAmounts)
    {
        var id = Text(information, "PmtInfId", LongestId);
        if (Child(information, "PmtMtd") is { } method && method.Value.Trim() != "TRF") Add(method, $"is '{method.Value.Trim()}'; only TRF is executed");
        var debtor = Account(information, "DbtrAcct");
        var amounts = new List<decimal>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var transaction in information.Elements(space + "CdtTrfTxInf"))
        {
            if (ReadTransaction(transaction, id, debtor, amounts) is not { } payment) continue;
            if (!seen.Add(payment.InstructionId + "\n" + payment.EndToEndId))
                Add(transaction.Element(space + "PmtId")!, $"InstrId and EndToEndId '{payment.EndToEndId}' occur twice in PmtInf '{id}'");
            payments.Add(payment);
        }

        if (!information.Elements(space + "CdtTrfTxInf").Any()) Add(information, "has no CdtTrfTxInf");
        CheckTotals(information, amounts);
        allAmounts.AddRange(amounts);
    }

    private Payment? ReadTransaction(XElement transaction, string informationId, string debtor, List<decimal> amounts)
    {
        var identification = Child(transaction, "PmtId");
        var amount = Child(transaction, "Amt") is { } outer ? Child(outer, "InstdAmt") : null;
        var creditor = Account(transaction, "CdtrAcct");
        if (identification is null || amount is null) return null;
        var endToEnd = Text(identification, "EndToEndId", LongestId);
        var instruction = identification.Element(space + "InstrId") is null ? null : Text(identification, "InstrId", LongestId);
        return ReadAmount(amount, amounts) is { } money
            ? new Payment(LineOf(transaction), informationId, instruction, endToEnd, debtor, creditor, money, LineOf(amount))
            : null;
    }

    private Money? ReadAmount(XElement element, List<decimal> amounts)
    {
        var currency = element.Attribute("Ccy")?.Value;
        if (!TryDecimal(element.Value, out var amount))
        {
            Add(element, $"'{element.Value}' is not a decimal number of at most {MostDigits} digits");
            return null;
        }

        amounts.Add(amount);
        if (!Currency.IsKnown(currency)) Add(element, $"Ccy '{currency}' is not a currency of ISO 4217");
        else if (amount <= 0) Add(element, $"'{element.Value}' is not above zero");
        else
        {
            try
            {
                return Money.FromDecimal(amount, currency!);
            }
            catch (ArgumentException)
            {
                Currency.TryGetDecimals(currency, out var decimals);
                Add(element, $"'{element.Value}' has more decimals than the {decimals} of {currency}");
            }
            catch (OverflowException)
            {
                Add(element, $"'{element.Value}' is too large");
            }
        }

        return null;
    }

    private void CheckTotals(XElement holder, List<decimal> amounts)
    {
        if (holder.Element(space + "NbOfTxs") is { } count
            && (!int.TryParse(count.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number != amounts.Count))
            Add(count, $"is '{count.Value}', but there are {amounts.Count} transactions");
        if (holder.Element(space + "CtrlSum") is { } sum && (!TryDecimal(sum.Value, out var total) || total != amounts.Sum()))
            Add(sum, $"is '{sum.Value}', but the amounts add up to {amounts.Sum().ToString(CultureInfo.InvariantCulture)}");
    }

    private string Account(XElement holder, string name)
    {
        if (Child(holder, name) is not { } account || Child(account, "Id") is not { } id) return "";
        if (id.Element(space + "IBAN") is not null) return AccountId(id, "IBAN");
        if (id.Element(space + "Othr") is { } other) return AccountId(other, "Id");
        Add(id, "has neither IBAN nor Othr");
        return "";
    }

    // What the bank would refuse is found here, before anything else of the file is sent.
    private string AccountId(XElement holder, string name)
    {
        var text = Text(holder, name, 34);
        if (!text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':'))
            Add(holder.Element(space + name)!, $"'{text}' is no account: only letters, digits and - _ . : are allowed");
        return text;
    }

    private string Text(XElement holder, string name, int longest)
    {
        if (Child(holder, name) is not { } element) return "";
        var text = element.Value.Trim();
        if (text.Length == 0) Add(element, "is empty");
        else if (text.Length > longest) Add(element, $"has more than {longest} characters");
        else if (text.Any(char.IsControl)) Add(element, "contains a control character");
        return text;
    }

    private XElement? Child(XElement holder, string name)
    {
        var element = holder.Element(space + name);
        if (element is null) Add(holder, $"has no {name}");
        return element;
    }

    private void Add(XElement element, string reason) => problems.Add(new FileProblem(LineOf(element), element.Name.LocalName, reason));

    private static int LineOf(XElement element) => ((IXmlLineInfo)element).LineNumber;

    private static bool TryDecimal(string text, out decimal value)
    {
        value = 0;
        return text.Count(char.IsAsciiDigit) <= MostDigits
            && decimal.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }
}
