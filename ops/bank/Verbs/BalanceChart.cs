using System.Globalization;
using System.Text.Json;
using Spectre.Console;

namespace Bank.CommandLine.Verbs;

/// <summary>Draws end-of-day balances as columns of characters, up or down from zero.</summary>
internal static class BalanceChart
{
    private const int Rows = 12;
    private const int Widest = 100;
    private const int WidestDay = 4;

    /// <param name="console">Where to draw; without Unicode it is drawn in ASCII.</param>
    /// <param name="endOfDay">The answer of <c>/accounts/{id}/end-of-day</c>.</param>
    public static void Print(IAnsiConsole console, JsonElement endOfDay)
    {
        var days = endOfDay.GetProperty("days").EnumerateArray().Select(Day.Of).ToArray();
        var axis = Axis.For(days);
        var labels = new[] { axis.Label(axis.Above), axis.Label(0), axis.Label(-axis.Below) };
        var margin = labels.Max(label => label.Length);
        var room = Math.Max(1, Math.Min(console.Profile.Width, Widest) - margin - 2);
        var daysInColumn = ((days.Length - 1) / room) + 1;
        var width = Math.Clamp(room / days.Length, 1, WidestDay);
        var columns = days.Chunk(daysInColumn).Select(chunk => axis.HalfRows(chunk[^1].Balance)).ToArray();

        var knownAt = Verb.Text(endOfDay, "knownAt") is { Length: > 0 } instant ? $", as known at {instant}" : "";
        console.MarkupLine($"[bold]End-of-day balance of {Verb.Text(endOfDay, "accountId")} in {days[^1].Currency}[/]{knownAt}");
        var (full, upper, lower, line, edge, cross) = console.Profile.Capabilities.Unicode ? ('█', '▀', '▄', '─', '│', '┼') : ('#', '#', '#', '-', '|', '+');
        for (var row = axis.Above; row > 0; row--) Row(row == axis.Above ? labels[0] : "", "green", lower, height => height - (2 * (row - 1)));
        console.MarkupLine($"[grey]{labels[1].PadLeft(margin)} {cross}{new string(line, columns.Length * width)}[/]");
        for (var row = 1; row <= axis.Below; row++) Row(row == axis.Below ? labels[2] : "", "red", upper, height => -height - (2 * (row - 1)));
        var (first, last) = (days[0].Date, days.Length == 1 ? "" : days[^1].Date);
        console.MarkupLine($"[grey]{"".PadLeft(margin + 2)}{first}{last.PadLeft(Math.Max((columns.Length * width) - first.Length, last.Length + 1)).TrimEnd()}[/]");
        var (lowest, highest) = (days.MinBy(day => day.Balance)!, days.MaxBy(day => day.Balance)!);
        console.MarkupLine($"Lowest {lowest.Text} on {lowest.Date}, highest {highest.Text} on {highest.Date}, at the end {days[^1].Text}.");
        if (daysInColumn > 1) console.MarkupLine($"A column shows the last of {daysInColumn} days.");

        // Filled are two halves of a row or more, one, or none.
        void Row(string label, string color, char half, Func<int, int> filled)
        {
            var cells = columns.Select(height => new string(filled(height) switch { > 1 => full, 1 => half, _ => ' ' }, width));
            console.MarkupLine($"[grey]{label.PadLeft(margin)} {edge}[/][{color}]{string.Concat(cells)}[/]");
        }
    }

    private sealed record Day(string Date, decimal Balance, string Text, string Currency, int Decimals)
    {
        public static Day Of(JsonElement day)
        {
            var balance = day.GetProperty("balance");
            var amount = decimal.Parse(balance.GetProperty("amount").GetString()!, CultureInfo.InvariantCulture);
            return new Day(day.GetProperty("date").GetString()!, amount, Verb.Money(balance), balance.GetProperty("currency").GetString()!, amount.Scale);
        }
    }

    /// <summary>How many rows are above and below zero, and how much money one of them stands for.</summary>
    private sealed record Axis(int Above, int Below, decimal RowSize, int Decimals)
    {
        public static Axis For(Day[] days)
        {
            var (highest, debt) = (Math.Max(0, days.Max(day => day.Balance)), -Math.Min(0, days.Min(day => day.Balance)));
            decimal SizeWith(int above) => Math.Max(above == 0 ? 0 : highest / above, above == Rows ? 0 : debt / (Rows - above));
            // Zero is a line between two rows; of all places for it the one with the finest rows.
            var above = debt == 0 ? Rows : highest == 0 ? 0 : Enumerable.Range(1, Rows - 1).MinBy(SizeWith);
            var size = SizeWith(above);
            return new Axis(above, Rows - above, size == 0 ? 1m / Rows : size, days[0].Decimals);
        }

        public string Label(int row) => (row * RowSize).ToString("N" + Decimals, CultureInfo.InvariantCulture);

        /// <summary>The height of a column in halves of a row; what is not zero can be seen.</summary>
        public int HalfRows(decimal balance) => balance == 0 ? 0 : Math.Sign(balance) * Math.Max(1, (int)Math.Round(Math.Abs(balance) / RowSize * 2));
    }
}
