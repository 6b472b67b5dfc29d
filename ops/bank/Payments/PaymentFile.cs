using Bank.Contracts;

namespace Bank.CommandLine.Payments;

/// <summary>An ISO 20022 customer credit transfer initiation: pain.001.</summary>
/// <param name="Version">The message version, for example <c>pain.001.001.09</c>.</param>
/// <param name="MessageId">GrpHdr/MsgId.</param>
/// <param name="Payments">One for each CdtTrfTxInf.</param>
internal sealed record PaymentFile(string Version, string MessageId, IReadOnlyList<Payment> Payments);

/// <summary>One credit transfer of a file.</summary>
/// <param name="Line">Where it stands in the file.</param>
/// <param name="PaymentInformationId">PmtInf/PmtInfId.</param>
/// <param name="InstructionId">PmtId/InstrId; null when not given.</param>
/// <param name="EndToEndId">PmtId/EndToEndId.</param>
/// <param name="DebtorAccount">DbtrAcct: IBAN or Othr/Id.</param>
/// <param name="CreditorAccount">CdtrAcct: IBAN or Othr/Id.</param>
/// <param name="Amount">Amt/InstdAmt.</param>
/// <param name="AmountLine">Where the amount stands in the file.</param>
internal sealed record Payment(
    int Line, string PaymentInformationId, string? InstructionId, string EndToEndId, string DebtorAccount, string CreditorAccount, Money Amount, int AmountLine);

/// <summary>Something wrong with a file.</summary>
/// <param name="Line">Where; 0 when the file as a whole.</param>
/// <param name="Element">Which element.</param>
/// <param name="Reason">What is wrong.</param>
internal sealed record FileProblem(int Line, string Element, string Reason);
