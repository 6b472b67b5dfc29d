using System.CommandLine;
using Bank.CommandLine.Client;
using Bank.CommandLine.Payments;
using Spectre.Console;

namespace Bank.CommandLine.Verbs;

/// <summary>Executes a payment file.</summary>
internal static class PayVerb
{
    private static readonly Argument<FileInfo> Source = new("file") { Description = "A pain.001.001.09 or pain.001.001.03 file." };
    private static readonly Option<FileInfo?> Report = new("--report") { Description = "Where to write the pain.002.001.10; beside the file when left out." };

    public static Command Make() => Verb.Make(
        "pay", "Executes an ISO 20022 pain.001 file, one transfer for each payment, and writes a pain.002. A file with anything wrong is refused as a whole.",
        [Source, Report, CommonOptions.Url, CommonOptions.Data, CommonOptions.Json], Run);

    /// <exception cref="VerbException">The file is refused; the message lists every problem with line, element and reason.</exception>
    public static async Task<PaymentFile> Read(BankClient client, FileInfo source, CancellationToken cancellationToken)
    {
        if (!source.Exists) throw new VerbException(ExitCode.Malformed, $"There is no file {source.FullName}.");
        await using var stream = source.OpenRead();
        var (file, problems) = Pain001Reader.Read(stream);
        if (file is not null) problems = await new PaymentRun(client).Check(file, cancellationToken);
        return problems.Count == 0
            ? file!
            : throw new VerbException(
                ExitCode.Malformed,
                $"{source.Name} is refused as a whole; nothing was sent.{Environment.NewLine}"
                + string.Join(Environment.NewLine, problems.Select(problem => $"  line {problem.Line}, {problem.Element}: {problem.Reason}")));
    }

    public static async Task<IReadOnlyList<PaymentOutcome>> Execute(
        BankClient client, PaymentFile file, IAnsiConsole console, TimeSpan limit, CancellationToken cancellationToken)
    {
        var run = new PaymentRun(client);
        return await console.Progress().StartAsync(progress =>
        {
            var task = progress.AddTask($"{file.Payments.Count} payments", maxValue: file.Payments.Count);
            return run.Execute(file, limit, _ => task.Increment(1), cancellationToken);
        });
    }

    public static string WriteReport(PaymentFile file, IReadOnlyList<PaymentOutcome> outcomes, string path)
    {
        Pain002Writer.Write(file, outcomes.ToArray(), DateTimeOffset.UtcNow).Save(path);
        return path;
    }

    public static void Print(IAnsiConsole console, PaymentFile file, IReadOnlyList<PaymentOutcome> outcomes)
    {
        var table = Verb.Table($"Outcomes of {file.MessageId}", "Outcome", ">Payments", ">Sum");
        foreach (var group in outcomes.GroupBy(outcome => (Reason: outcome.Reason ?? "executed", outcome.Payment.Amount.Currency)).OrderByDescending(group => group.Count()))
        {
            var sum = group.Select(outcome => outcome.Payment.Amount).Aggregate((left, right) => left + right);
            table.AddRow(group.First().IsExecuted ? $"[green]{group.Key.Reason}[/]" : $"[red]{group.Key.Reason}[/]", group.Count().ToString(), sum.ToString());
        }

        console.Write(table);
    }

    private static async Task<int> Run(ParseResult parse, CancellationToken cancellationToken)
    {
        var quietly = parse.GetValue(CommonOptions.Json);
        var console = quietly ? Verb.Silent() : AnsiConsole.Console;
        using var client = new BankClient(CommonOptions.UrlOf(parse), "corporate", "corporate-file");
        var source = parse.GetValue(Source)!;
        var file = await Read(client, source, cancellationToken);
        var path = parse.GetValue(Report)?.FullName ?? Path.ChangeExtension(source.FullName, ".pain002.xml");
        // Found out before money moves, not after.
        await using (File.Open(path, FileMode.OpenOrCreate, FileAccess.Write)) { }
        var outcomes = await Execute(client, file, console, TimeSpan.FromMinutes(10), cancellationToken);
        var report = WriteReport(file, outcomes, path);
        var executed = outcomes.Count(outcome => outcome.IsExecuted);
        if (quietly)
        {
            Verb.PrintJson(new
            {
                messageId = file.MessageId,
                payments = outcomes.Count,
                executed,
                rejected = outcomes.Count - executed,
                report,
                outcomes = outcomes.Select(outcome => new { outcome.Payment.EndToEndId, outcome.TransferId, status = outcome.IsExecuted ? "executed" : "rejected", outcome.Reason }),
            });
        }
        else
        {
            Print(console, file, outcomes);
            Console.WriteLine($"Report: {report}");
        }

        return executed == outcomes.Count ? ExitCode.Done : ExitCode.Refused;
    }
}
