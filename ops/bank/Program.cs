using System.CommandLine;
using Bank.CommandLine.Verbs;

var root = new RootCommand("Runs, feeds, reads and proves the bank. Exit codes: 0 done, 1 refused or not as it should be, 2 malformed, 3 not running.");
root.Subcommands.Add(UpVerb.Make());
root.Subcommands.Add(DownVerb.Make());
root.Subcommands.Add(StatusVerb.Make());
root.Subcommands.Add(DemoVerb.Make());
root.Subcommands.Add(SendVerb.Make());
root.Subcommands.Add(PayVerb.Make());
root.Subcommands.Add(AccountVerb.Make());
root.Subcommands.Add(StatementVerb.Make());
root.Subcommands.Add(TransferVerb.Make());
root.Subcommands.Add(HistoryVerb.Make());
root.Subcommands.Add(InsightsVerb.Make());
root.Subcommands.Add(VerifyVerb.Make());
root.Subcommands.Add(RebuildVerb.Make());
root.Subcommands.Add(ArchiveVerb.Make());
root.Subcommands.Add(ServersVerb.Make());
// A file or pipe has no width of its own; tables should not be squeezed into that of a small screen.
if (Console.IsOutputRedirected) Spectre.Console.AnsiConsole.Profile.Width = 160;
var parsed = root.Parse(args);
// Two is what this program says when a command line cannot be understood.
return parsed.Errors.Count > 0 ? Math.Max(Bank.CommandLine.ExitCode.Malformed, await parsed.InvokeAsync()) : await parsed.InvokeAsync();
