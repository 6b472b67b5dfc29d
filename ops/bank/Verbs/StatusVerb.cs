using System.CommandLine;
using System.Globalization;
using Bank.CommandLine.Client;
using Bank.CommandLine.Running;
using Spectre.Console;

namespace Bank.CommandLine.Verbs;

/// <summary>Shows which endpoints run and how they and the projections are.</summary>
internal static class StatusVerb
{
    public static Command Make() => Verb.Make(
        "status", "Shows the endpoints and their health, and how far the projections are. Exit code 1 when one is not healthy.", [CommonOptions.Data, CommonOptions.Json], Run);

    public static async Task<object> Describe(BankProcesses bank, CancellationToken cancellationToken)
    {
        var endpoints = new List<object>();
        foreach (var endpoint in BankPlan.Endpoints)
        {
            endpoints.Add(new
            {
                name = endpoint,
                health = await bank.HealthOf(endpoint, cancellationToken),
                processId = bank.Find(endpoint)?.Id,
                url = bank.Plan.Urls.GetValueOrDefault(endpoint),
                log = BankProcesses.LogOf(bank.Plan, endpoint),
            });
        }

        return new { transport = bank.Plan.Transport, database = bank.Plan.Database, url = bank.Plan.ChannelsUrl, endpoints, hubs = await HubView.ReadAll(bank.Plan, cancellationToken), projections = await Projections(bank, cancellationToken) };
    }

    public static async Task<Table> Draw(BankProcesses bank, CancellationToken cancellationToken)
    {
        var table = Verb.Table($"Bank on {bank.Plan.Transport} and {bank.Plan.Database}", "Endpoint", "Health", ">Process", "Address");
        foreach (var endpoint in BankPlan.Endpoints)
        {
            var health = await bank.HealthOf(endpoint, cancellationToken);
            var colour = health == "Healthy" ? "green" : health == "Starting" ? "yellow" : "red";
            table.AddRow(endpoint, $"[{colour}]{health}[/]", bank.Find(endpoint)?.Id.ToString() ?? "", bank.Plan.Urls.GetValueOrDefault(endpoint, ""));
        }

        return table;
    }

    private static Table Draw(IReadOnlyList<HubView> hubs)
    {
        var table = Verb.Table("Published from stores", "Endpoint", ">Stored up to", ">Published up to", "Error");
        foreach (var hub in hubs) table.AddRow(hub.Endpoint, $"{hub.Head}", hub.IsPublisher ? $"{hub.Position}" : "by another instance", Markup.Escape(hub.Error ?? ""));
        return table;
    }

    private static Table Draw(IReadOnlyList<ProjectionView> projections, IReadOnlyList<HubView> hubs)
    {
        var table = Verb.Table("Projections", "Projection", "State", ">Version", ">Generation", ">Behind", ">Lag", ">Missing events", ">Subjects with gaps", ">Filled");
        foreach (var projection in projections)
        {
            table.AddRow(
                Markup.Escape(projection.Name), projection.State, Text($"{projection.Version}"), Text($"{projection.Generation}"), Text($"{projection.Behind(hubs)}"), projection.LagSeconds is { } lag ? Text($"{lag:0.000} s") : "",
                Text($"{projection.MissingEvents}"), Text($"{projection.SubjectsWithGaps}"),
                projection.Rebuild is not { } fill ? "" : fill.State == "Failed" ? "[red]failed[/]" : fill.IsRefused ? "[yellow]refused, asks again[/]" : Text($"{fill.Progress * 100:0} %"));
        }

        return table;

        static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
    }

    private static async Task<IReadOnlyList<ProjectionView>> Projections(BankProcesses bank, CancellationToken cancellationToken)
    {
        var all = new List<ProjectionView>();
        foreach (var url in BankPlan.WithProjections.Select(endpoint => bank.Plan.Urls.GetValueOrDefault(endpoint)).OfType<string>())
        {
            using var client = new ProjectionClient(url);
            all.AddRange(await client.ReadNow(cancellationToken));
        }

        return all;
    }

    private static async Task<int> Run(ParseResult parse, CancellationToken cancellationToken)
    {
        var bank = new BankProcesses(RunState.Require(parse.GetValue(CommonOptions.Data)!).Plan);
        if (parse.GetValue(CommonOptions.Json)) Verb.PrintJson(await Describe(bank, cancellationToken));
        else
        {
            AnsiConsole.Write(await Draw(bank, cancellationToken));
            var hubs = await HubView.ReadAll(bank.Plan, cancellationToken);
            AnsiConsole.Write(Draw(hubs));
            AnsiConsole.Write(Draw(await Projections(bank, cancellationToken), hubs));
        }

        foreach (var endpoint in BankPlan.Endpoints)
        {
            if (await bank.HealthOf(endpoint, cancellationToken) != "Healthy") return ExitCode.Refused;
        }

        return ExitCode.Done;
    }
}
