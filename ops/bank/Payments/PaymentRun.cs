using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Bank.CommandLine.Client;

namespace Bank.CommandLine.Payments;

/// <summary>Executes a payment file: one transfer for each payment, each under a key of its own, so that the same file again moves nothing again.</summary>
internal sealed class PaymentRun(BankClient client)
{
    private const int AtATime = 16;

    /// <summary>Checks what only the bank knows: whether the debtors' accounts exist and have the currency.</summary>
    public async Task<IReadOnlyList<FileProblem>> Check(PaymentFile file, CancellationToken cancellationToken)
    {
        var problems = new List<FileProblem>();
        foreach (var debtor in file.Payments.GroupBy(payment => payment.DebtorAccount))
        {
            if (await client.Get($"/accounts/{Uri.EscapeDataString(debtor.Key)}", cancellationToken) is not { } account)
            {
                problems.Add(new FileProblem(debtor.First().Line, "DbtrAcct", $"there is no account '{debtor.Key}'"));
                continue;
            }

            var currency = account.GetProperty("balance").GetProperty("currency").GetString();
            problems.AddRange(debtor.Where(payment => payment.Amount.Currency != currency).Select(payment => new FileProblem(
                payment.AmountLine, "InstdAmt", $"Ccy is '{payment.Amount.Currency}', but account '{debtor.Key}' is in {currency}")));
        }

        return problems;
    }

    /// <summary>Executes all payments.</summary>
    /// <param name="file">The file, checked.</param>
    /// <param name="limit">How long to wait for each outcome.</param>
    /// <param name="done">Called after each payment.</param>
    /// <param name="cancellationToken">Gives up; what was sent goes on.</param>
    public async Task<IReadOnlyList<PaymentOutcome>> Execute(PaymentFile file, TimeSpan limit, Action<PaymentOutcome> done, CancellationToken cancellationToken)
    {
        var outcomes = new PaymentOutcome[file.Payments.Count];
        await Parallel.ForEachAsync(
            file.Payments.Index(), new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                outcomes[item.Index] = await Execute(file, item.Item, limit, token);
                done(outcomes[item.Index]);
            });
        return outcomes;
    }

    /// <summary>The key of a payment: the same for the same payment of the same file, whatever it is named on disk.</summary>
    public static string KeyOf(PaymentFile file, Payment payment) => "pain001-" + Convert.ToHexString(SHA256.HashData(
        Encoding.UTF8.GetBytes(string.Join('\n', file.MessageId, payment.PaymentInformationId, payment.InstructionId, payment.EndToEndId))))[..40];

    private async Task<PaymentOutcome> Execute(PaymentFile file, Payment payment, TimeSpan limit, CancellationToken cancellationToken)
    {
        var body = new
        {
            amount = payment.Amount.ToDecimal().ToString(System.Globalization.CultureInfo.InvariantCulture),
            currency = payment.Amount.Currency,
            to = payment.CreditorAccount,
            reference = payment.EndToEndId,
            purpose = $"{file.MessageId}/{payment.PaymentInformationId}",
        };
        try
        {
            var outcome = await client.Send(payment.DebtorAccount, "transfer", body, KeyOf(file, payment), limit, cancellationToken);
            var transfer = outcome.Json.GetProperty("transferId");
            return new PaymentOutcome(payment, outcome.IsCompleted ? null : outcome.Reason, transfer.ValueKind == JsonValueKind.String ? transfer.GetGuid() : Guid.Empty);
        }
        catch (KeyUsedException)
        {
            // The rest of the file is no less valid for it.
            return new PaymentOutcome(payment, PaymentOutcome.IdUsedBefore, Guid.Empty);
        }
    }
}
