using System.CommandLine;
using Bank.CommandLine.Client;
using Bank.CommandLine.Running;
using Spectre.Console;

namespace Bank.CommandLine.Verbs;

/// <summary>Builds projections anew beside those that answer, and shows how far that is.</summary>
internal static class RebuildVerb
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    private static readonly Argument<string?> Projection = new("projection") { Description = "Which one; all when none is named.", Arity = ArgumentArity.ZeroOrOne };

    private static readonly Option<bool> Restart = new("--restart") { Description = "Give up a rebuild that is under way, as when it lost a part with a queue, and begin anew." };

    public static Command Make() => Verb.Make(
        "rebuild", "Builds projections anew from the history while the old ones answer. Ctrl-C ends the watching, not the rebuild. Exit code 1 when it failed.",
        [Projection, Restart, CommonOptions.Data, CommonOptions.Json], Run);

    /// <summary>Starts a rebuild, or joins one that is under way, and waits for its end, or until a replay is refused.</summary>
    /// <returns>The projections that were built anew, or were not.</returns>
    /// <exception cref="VerbException">There is no such projection, or the endpoint does not answer.</exception>
    public static async Task<IReadOnlyList<ProjectionView>> Rebuild(
        ProjectionClient client, string? name, IAnsiConsole console, CancellationToken cancellationToken, bool restart = false)
    {
        var known = (await client.Read(cancellationToken)).Select(projection => projection.Name).ToList();
        if (name is not null && !known.Contains(name)) throw Unknown(name, known);
        HashSet<string> wanted = name is null ? [.. known] : [name];
        while (true)
        {
            var began = await client.Rebuild(name, cancellationToken, restart);
            restart = false;
            var watched = (await client.Read(cancellationToken)).Where(projection => wanted.Contains(projection.Name) && (began || projection.Rebuild is { IsRunning: true }))
                .Select(projection => projection.Name).ToHashSet();
            // What was under way may have ended just now.
            if (watched.Count == 0)
            {
                await Task.Delay(Look, cancellationToken);
                continue;
            }

            if (!began) console.MarkupLine(Markup.Escape($"A rebuild of {string.Join(", ", watched.Order())} is under way already; this is how far it is."));
            var ended = await Watch(client, watched, console, cancellationToken);
            // One that is joined may be about a part of what is wanted.
            if (watched.SetEquals(wanted) || ended.Any(projection => projection.Rebuild!.IsRefused)) return ended;
        }
    }

    /// <summary>Shows how projections are filled, until they are, or a replay is refused.</summary>
    public static Task<IReadOnlyList<ProjectionView>> Watch(ProjectionClient client, HashSet<string> names, IAnsiConsole console, CancellationToken cancellationToken) =>
        console.Progress().Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn()).StartAsync(async progress =>
        {
            var bar = progress.AddTask("0 events", maxValue: 1);
            while (true)
            {
                var projections = (await client.Read(cancellationToken)).Where(projection => names.Contains(projection.Name)).ToList();
                // Projections of the same events are filled by one replay.
                var fills = projections.Select(projection => projection.Rebuild!).DistinctBy(fill => fill.Id).ToList();
                bar.Value = fills.Average(fill => fill.Progress);
                bar.Description = Summary(projections);
                if (!fills.Exists(fill => fill is { IsRunning: true, IsRefused: false })) return (IReadOnlyList<ProjectionView>)projections;
                await Task.Delay(Look, cancellationToken);
            }
        });

    /// <summary>What filled projections, in words: also for those who saw no bar.</summary>
    public static string Summary(IReadOnlyList<ProjectionView> filled)
    {
        var fills = filled.Select(projection => projection.Rebuild!).DistinctBy(fill => fill.Id).ToList();
        return $"{fills.Sum(fill => fill.Events):N0} events, {fills.Sum(Rate):N0} a second";
    }

    private static double Rate(RebuildView fill) => fill.Events / Math.Max(0.001, ((fill.EndedAt ?? DateTimeOffset.UtcNow) - fill.StartedAt).TotalSeconds);

    private static async Task<int> Run(ParseResult parse, CancellationToken cancellationToken)
    {
        var plan = RunState.Require(parse.GetValue(CommonOptions.Data)!).Plan;
        var isJson = parse.GetValue(CommonOptions.Json);
        var rebuilt = await Rebuild(plan, parse.GetValue(Projection), parse.GetValue(Restart), isJson ? Verb.Silent() : AnsiConsole.Console, cancellationToken);
        if (isJson) Verb.PrintJson(new { projections = rebuilt });
        else Print(AnsiConsole.Console, rebuilt);
        return rebuilt.All(projection => projection.Rebuild!.State == "Done") ? ExitCode.Done : ExitCode.Refused;
    }

    private static async Task<IReadOnlyList<ProjectionView>> Rebuild(BankPlan plan, string? name, bool restart, IAnsiConsole console, CancellationToken cancellationToken)
    {
        var (rebuilt, known) = (new List<ProjectionView>(), new List<string>());
        foreach (var endpoint in BankPlan.WithProjections)
        {
            using var client = new ProjectionClient(plan.Urls[endpoint]);
            var here = (await client.Read(cancellationToken)).Select(projection => projection.Name).ToList();
            known.AddRange(here);
            if (name is null || here.Contains(name)) rebuilt.AddRange(await Rebuild(client, name, console, cancellationToken, restart));
        }

        return rebuilt.Count > 0 ? rebuilt : throw Unknown(name!, known);
    }

    private static VerbException Unknown(string name, IEnumerable<string> known) =>
        new(ExitCode.Malformed, $"There is no projection '{name}'; there are {string.Join(", ", known)}.");

    private static void Print(IAnsiConsole console, IEnumerable<ProjectionView> rebuilt)
    {
        foreach (var projection in rebuilt)
        {
            var outcome = projection.Rebuild!.State == "Done" ? "[green]was built anew[/]"
                : $"[red]was not built anew:[/] {Markup.Escape(projection.Rebuild.Error ?? "")}{(projection.Rebuild.IsRefused ? "; it is asked for again" : "")}";
            console.MarkupLine($"{Markup.Escape(projection.Name)}: {outcome} (version {projection.Version}, generation {projection.Generation})");
        }
    }
}
