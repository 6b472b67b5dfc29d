using System.CommandLine;
using Bank.CommandLine.Running;

namespace Bank.CommandLine.Verbs;

/// <summary>Stops a bank that was left running.</summary>
internal static class DownVerb
{
    public static Command Make() => Verb.Make(
        "down", "Stops every endpoint, after it has finished what it handles. Data stays.", [CommonOptions.Data, CommonOptions.Json],
        async (parse, _) =>
        {
            var bank = new BankProcesses(RunState.Require(parse.GetValue(CommonOptions.Data)!).Plan);
            var stopped = BankPlan.Endpoints.Where(endpoint => bank.Find(endpoint) is not null).ToArray();
            await bank.Stop();
            if (parse.GetValue(CommonOptions.Json)) Verb.PrintJson(new { stopped });
            else Console.WriteLine(stopped.Length == 0 ? "Nothing was running." : $"Stopped {string.Join(", ", stopped)}.");
            return ExitCode.Done;
        });
}
