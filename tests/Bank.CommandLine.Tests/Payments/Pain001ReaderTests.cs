using System.Text;
using Bank.CommandLine.Payments;
using Bank.Contracts;

namespace Bank.CommandLine.Tests.Payments;

public sealed class Pain001ReaderTests
{
    private const string Valid = """
        <?xml version="1.0" encoding="UTF-8"?>
        <Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09">
          <CstmrCdtTrfInitn>
            <GrpHdr>
              <MsgId>M1</MsgId>
              <NbOfTxs>2</NbOfTxs>
              <CtrlSum>30.50</CtrlSum>
            </GrpHdr>
            <PmtInf>
              <PmtInfId>P1</PmtInfId>
              <PmtMtd>TRF</PmtMtd>
              <NbOfTxs>2</NbOfTxs>
              <CtrlSum>30.50</CtrlSum>
              <DbtrAcct><Id><IBAN>DE02120300000000202051</IBAN></Id></DbtrAcct>
              <CdtTrfTxInf>
                <PmtId><InstrId>I1</InstrId><EndToEndId>E1</EndToEndId></PmtId>
                <Amt><InstdAmt Ccy="EUR">10.50</InstdAmt></Amt>
                <CdtrAcct><Id><Othr><Id>bob</Id></Othr></Id></CdtrAcct>
              </CdtTrfTxInf>
              <CdtTrfTxInf>
                <PmtId><EndToEndId>E2</EndToEndId></PmtId>
                <Amt><InstdAmt Ccy="EUR">20.00</InstdAmt></Amt>
                <CdtrAcct><Id><Othr><Id>carol</Id></Othr></Id></CdtrAcct>
              </CdtTrfTxInf>
            </PmtInf>
          </CstmrCdtTrfInitn>
        </Document>
        """;

    [Fact]
    public void A_valid_file_yields_one_payment_for_each_transaction()
    {
        var (file, problems) = Read(Valid);
        Assert.Empty(problems);
        Assert.Equal(("pain.001.001.09", "M1"), (file!.Version, file.MessageId));
        Assert.Equal(
            [
                new Payment(15, "P1", "I1", "E1", "DE02120300000000202051", "bob", new Money(1050, "EUR"), 17),
                new Payment(20, "P1", null, "E2", "DE02120300000000202051", "carol", new Money(2000, "EUR"), 22),
            ],
            file.Payments);
    }

    [Fact]
    public void The_older_version_is_read_too()
    {
        var (file, problems) = Read(Valid.Replace("pain.001.001.09", "pain.001.001.03"));
        Assert.Empty(problems);
        Assert.Equal(2, file!.Payments.Count);
    }

    [Theory]
    [InlineData("<CtrlSum>30.50</CtrlSum>", "<CtrlSum>30.51</CtrlSum>", 7, "CtrlSum", "add up to 30.50")]
    [InlineData("<NbOfTxs>2</NbOfTxs>", "<NbOfTxs>3</NbOfTxs>", 6, "NbOfTxs", "there are 2 transactions")]
    [InlineData("Ccy=\"EUR\">10.50<", "Ccy=\"EUR\">10.505<", 17, "InstdAmt", "more decimals than the 2 of EUR")]
    [InlineData("Ccy=\"EUR\">10.50<", "Ccy=\"EUX\">10.50<", 17, "InstdAmt", "not a currency of ISO 4217")]
    [InlineData("Ccy=\"EUR\">10.50<", "Ccy=\"EUR\">0.00<", 17, "InstdAmt", "not above zero")]
    [InlineData("Ccy=\"EUR\">10.50<", "Ccy=\"EUR\">ten<", 17, "InstdAmt", "not a decimal number")]
    [InlineData("<InstrId>I1</InstrId><EndToEndId>E1</EndToEndId>", "<EndToEndId>E2</EndToEndId>", 21, "PmtId", "occur twice")]
    [InlineData("<PmtMtd>TRF</PmtMtd>", "<PmtMtd>CHK</PmtMtd>", 11, "PmtMtd", "only TRF")]
    [InlineData("<CdtrAcct><Id><Othr><Id>bob</Id></Othr></Id></CdtrAcct>", "", 15, "CdtTrfTxInf", "has no CdtrAcct")]
    [InlineData("<MsgId>M1</MsgId>", "", 4, "GrpHdr", "has no MsgId")]
    [InlineData("<EndToEndId>E1</EndToEndId>", "<EndToEndId>123456789012345678901234567890123456</EndToEndId>", 16, "EndToEndId", "more than 35 characters")]
    [InlineData("Ccy=\"EUR\">10.50<", "Ccy=\"EUR\">10.5000000000000000000000000001<", 17, "InstdAmt", "at most 18 digits")]
    [InlineData("Ccy=\"EUR\">10.50<", "Ccy=\"EUR\">79228162514264337593543950335<", 17, "InstdAmt", "at most 18 digits")]
    [InlineData("Ccy=\"EUR\">10.50<", "Ccy=\"EUR\">922337203685477580<", 17, "InstdAmt", "too large")]
    [InlineData("<Id>bob</Id>", "<Id>bob/2</Id>", 18, "Id", "is no account")]
    [InlineData("<IBAN>DE02120300000000202051</IBAN>", "<IBAN>DE02 1203 0000 0000 2020 51</IBAN>", 14, "IBAN", "is no account")]
    [InlineData("<EndToEndId>E1</EndToEndId>", "<EndToEndId>E&#9;1</EndToEndId>", 16, "EndToEndId", "contains a control character")]
    [InlineData("<MsgId>M1</MsgId>", "<MsgId>M&#127;1</MsgId>", 5, "MsgId", "contains a control character")]
    public void What_is_wrong_is_named_by_line_element_and_reason(string right, string wrong, int line, string element, string reason)
    {
        var at = Valid.IndexOf(right, StringComparison.Ordinal);
        var (file, problems) = Read(Valid.Remove(at, right.Length).Insert(at, wrong));
        Assert.Null(file);
        Assert.Contains(problems, problem => problem.Line == line && problem.Element == element && problem.Reason.Contains(reason, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_no_xml_is_refused_with_the_line()
    {
        var problem = Assert.Single(Read("<Document>\n<oops</Document>").Problems);
        Assert.Equal((2, "Document"), (problem.Line, problem.Element));
    }

    [Fact]
    public void Another_namespace_is_refused() =>
        Assert.Contains("pain.008.001.02", Assert.Single(Read(Valid.Replace("pain.001.001.09", "pain.008.001.02")).Problems).Reason);

    [Fact]
    public void A_document_type_is_refused_because_it_could_reach_into_other_files()
    {
        var hostile = Valid.Replace("<Document ", "<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><Document ");
        Assert.Contains("not well-formed", Assert.Single(Read(hostile).Problems).Reason);
    }

    [Fact]
    public void The_sample_payroll_is_valid()
    {
        using var stream = File.OpenRead(Path.Combine(Running.EndpointFiles.Repository(), "ops", "samples", "payroll.pain001.xml"));
        var (file, problems) = Pain001Reader.Read(stream);
        Assert.Empty(problems);
        Assert.Equal(250, file!.Payments.Count);
    }

    [Fact]
    public void Payments_of_one_file_have_different_keys_and_the_same_payment_always_the_same()
    {
        var (first, second) = (Read(Valid).File!, Read(Valid).File!);
        var keys = first.Payments.Select(payment => PaymentRun.KeyOf(first, payment)).ToArray();
        Assert.Equal(keys.Length, keys.Distinct().Count());
        Assert.Equal(keys, second.Payments.Select(payment => PaymentRun.KeyOf(second, payment)));
    }

    private static (PaymentFile? File, IReadOnlyList<FileProblem> Problems) Read(string xml) =>
        Pain001Reader.Read(new MemoryStream(Encoding.UTF8.GetBytes(xml)));
}
