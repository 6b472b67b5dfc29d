using System.CommandLine;
using Bank.Benchmarks.Bus;
using Bank.Benchmarks.Rebuild;
using Bank.Benchmarks.Store;

var root = new RootCommand("Measures speed as ratios to a floor that runs in the same minutes on the same servers. Exit codes: 0 every target met, 1 not, 2 malformed.");
root.Subcommands.Add(BusCommand.Make());
root.Subcommands.Add(StoreCommand.Make());
root.Subcommands.Add(RebuildCommand.Make());
var parsed = root.Parse(args);
return parsed.Errors.Count > 0 ? Math.Max(2, await parsed.InvokeAsync()) : await parsed.InvokeAsync();
