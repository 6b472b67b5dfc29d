using System.CommandLine;
using System.Diagnostics;
using Bank.CommandLine.Running;
using Bank.CommandLine.Verification;
using Bank.StreamStore.Archiving;
using Spectre.Console;

namespace Bank.CommandLine.Verbs;

/// <summary>Archives the payloads of very old events.</summary>
internal static class ArchiveVerb
{
    private static readonly Argument<string?> Service = new("service")
    {
        Description = $"Whose store: {string.Join(", ", BankPlan.WithHubs)}.", Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> Every = new("--all") { Description = "The stores of all services." };

    private static readonly Option<DateTimeOffset?> Before = CommonOptions.Instant("--before", "Archive what was recorded before this time.");

    private static readonly Option<int?> OlderThan = new("--older-than") { Description = "Archive what was recorded more than so many days ago." };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Only say what would be archived." };

    public static Command Make() => Verb.Make(
        "archive",
        "Moves the payloads of old events, compressed, to an archive within their store, while the bank runs or not. Readers see no difference, but SqlStreamStore, and programs of before there was an archive, cannot read what is archived. "
            + "Ctrl-C ends it between two segments; it may be begun again at any time.",
        [Service, Every, Before, OlderThan, DryRun, CommonOptions.Data, CommonOptions.Json], Run);

    /// <summary>Archives what the store of a service has recorded before a time.</summary>
    public static async Task<ArchiveOutcome> Archive(
        BankPlan plan, string service, DateTimeOffset before, bool isDryRun, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var reader = new FactReader(plan);
        await reader.RequireArchive(service, cancellationToken);
        using var store = reader.OpenStreams(service);
        var archive = (IStreamArchive)store;
        var found = new ArchiveOutcome(service, Segments: 0, Events: 0, Bytes: 0, ArchivedBytes: null);
        await foreach (var some in archive.FindArchivable(before.UtcDateTime, cancellationToken))
            found = found with { Segments = found.Segments + 1, Events = found.Events + some.Messages, Bytes = found.Bytes + some.Bytes };
        if (isDryRun || found.Events == 0) return found;

        var archived = found with { Segments = 0, Events = 0, Bytes = 0, ArchivedBytes = 0 };
        await console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn()).StartAsync(async progress =>
        {
            var bar = progress.AddTask(Markup.Escape(service), maxValue: found.Events);
            var watch = Stopwatch.StartNew();
            await foreach (var segment in archive.Archive(before.UtcDateTime, cancellationToken))
            {
                archived = archived with
                {
                    Segments = archived.Segments + 1,
                    Events = archived.Events + segment.Messages,
                    Bytes = archived.Bytes + segment.Bytes,
                    ArchivedBytes = archived.ArchivedBytes + segment.ArchivedBytes,
                };
                bar.Value = archived.Events;
                // Half of the time belongs to everybody else.
                await Task.Delay(watch.Elapsed, cancellationToken);
                watch.Restart();
            }
        });
        await archive.ReuseSpace(cancellationToken);
        return archived;
    }

    private static async Task<int> Run(ParseResult parse, CancellationToken cancellationToken)
    {
        var (services, before, isDryRun, isJson) = (Services(parse), Time(parse), parse.GetValue(DryRun), parse.GetValue(CommonOptions.Json));
        var plan = RunState.Require(parse.GetValue(CommonOptions.Data)!).Plan;
        var outcomes = new List<ArchiveOutcome>();
        foreach (var service in services) outcomes.Add(await Archive(plan, service, before, isDryRun, isJson ? Verb.Silent() : AnsiConsole.Console, cancellationToken));
        if (isJson) Verb.PrintJson(new { before = before.UtcDateTime, dryRun = isDryRun, services = outcomes });
        else Print(AnsiConsole.Console, outcomes, before, isDryRun);
        return ExitCode.Done;
    }

    private static string[] Services(ParseResult parse)
    {
        var (service, every) = (parse.GetValue(Service), parse.GetValue(Every));
        if (service is null != every) throw new VerbException(ExitCode.Malformed, "Name one service, or say --all.");
        if (service is null) return BankPlan.WithHubs;
        return BankPlan.WithHubs.Contains(service)
            ? [service]
            : throw new VerbException(ExitCode.Malformed, $"There is no store of '{service}'; there are those of {string.Join(", ", BankPlan.WithHubs)}.");
    }

    private static DateTimeOffset Time(ParseResult parse)
    {
        var now = DateTimeOffset.UtcNow;
        return (parse.GetValue(Before), parse.GetValue(OlderThan)) switch
        {
            ({ } before, null) when before <= now => before,
            ({ } before, null) => throw new VerbException(ExitCode.Malformed, $"--before: {before:O} is yet to come."),
            (null, int days and >= 0 and < 365_000) => now.AddDays(-days),
            (null, { } days) => throw new VerbException(ExitCode.Malformed, $"--older-than: {days} is not a number of days from 0."),
            _ => throw new VerbException(ExitCode.Malformed, "Say either --before or --older-than."),
        };
    }

    private static void Print(IAnsiConsole console, IReadOnlyList<ArchiveOutcome> outcomes, DateTimeOffset before, bool isDryRun)
    {
        var table = Verb.Table($"{(isDryRun ? "Would be archived" : "Archived")}: recorded before {before.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z", "Service", ">Segments", ">Events", ">Bytes before", ">Bytes archived");
        foreach (var outcome in outcomes) table.AddRow(outcome.Service, $"{outcome.Segments:N0}", $"{outcome.Events:N0}", $"{outcome.Bytes:N0}", outcome.ArchivedBytes is { } bytes ? $"{bytes:N0}" : "");
        console.Write(table);
    }
}

/// <summary>What was archived of a store, or would be.</summary>
/// <param name="Service">Whose store.</param>
/// <param name="Segments">How many segments.</param>
/// <param name="Events">How many events.</param>
/// <param name="Bytes">What their payloads took up.</param>
/// <param name="ArchivedBytes">What they take up in the archive; null when nothing was archived.</param>
internal sealed record ArchiveOutcome(string Service, int Segments, long Events, long Bytes, long? ArchivedBytes);
