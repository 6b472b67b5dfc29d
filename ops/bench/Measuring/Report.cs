using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Bank.Benchmarks.Measuring;

/// <summary>What a benchmark measured, as a table for people or as one JSON object.</summary>
public sealed class Report(string name)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly List<Figure> figures = [];
    private readonly List<Target> targets = [];

    public string Name => name;

    public IReadOnlyList<Figure> Figures => figures;

    public bool AllMet => targets.TrueForAll(target => target.Met);

    public void Add(Figure figure) => figures.Add(figure);

    /// <summary>Adds the ratio of two figures measured in the same rounds: each round is compared with itself, so that a slow minute weighs on both.</summary>
    public void AddRatio(string ratioName, Figure ours, Figure floor, double? atLeast)
    {
        var ratio = new Figure(ratioName, "ratio", [.. ours.Runs.Zip(floor.Runs, (one, other) => one / other)]);
        figures.Add(ratio);
        if (atLeast is { } least) targets.Add(new Target(ratioName, ratio.Median, least));
    }

    /// <summary>Adds a figure of which less is better.</summary>
    public void Add(Figure figure, double atMost)
    {
        figures.Add(figure);
        targets.Add(new Target(figure.Name, figure.Median, atMost, AtMost: true));
    }

    /// <summary>Adds a figure of which more is better.</summary>
    public void AddAtLeast(Figure figure, double least)
    {
        figures.Add(figure);
        targets.Add(new Target(figure.Name, figure.Median, least));
    }

    public string ToJson() => JsonSerializer.Serialize(
        new
        {
            benchmark = name,
            processors = Environment.ProcessorCount,
            figures = figures.Select(figure => new
            {
                name = figure.Name,
                unit = figure.Unit,
                median = Rounded(figure.Median),
                lowest = Rounded(figure.Lowest),
                highest = Rounded(figure.Highest),
                runs = figure.Runs.Select(Rounded),
            }),
            targets = targets.Select(target => new { name = target.Name, value = Rounded(target.Value), target = target.Bound, met = target.Met }),
        },
        Indented);

    public void Print(IAnsiConsole console)
    {
        var table = new Table().Title(name).AddColumns("Figure", "Unit").AddColumn("Median", Right).AddColumn("Lowest", Right).AddColumn("Highest", Right);
        foreach (var figure in figures)
            table.AddRow(Markup.Escape(figure.Name), figure.Unit, Text(figure.Median), Text(figure.Lowest), Text(figure.Highest));
        console.Write(table);
        foreach (var target in targets)
            console.MarkupLine($"{(target.Met ? "[green]met[/]   " : "[red]missed[/]")} {Markup.Escape(target.Name)}: {Text(target.Value)}, target {(target.AtMost ? "at most " : "")}{Text(target.Bound)}");
    }

    private static void Right(TableColumn column) => column.RightAligned();

    private static double Rounded(double value) => Math.Round(value, value < 100 ? 3 : 0);

    private static string Text(double value) => value.ToString(value < 100 ? "0.00" : "#,0", CultureInfo.InvariantCulture);
}
