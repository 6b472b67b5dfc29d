using System.Globalization;
using Bank.Insights.Spending;

namespace Bank.Insights.Http;

/// <summary>Reads query parameters, collecting what is wrong with them by name.</summary>
internal sealed class QueryParameters(IQueryCollection query)
{
    private const int MostRows = 1000;
    private const int UsualMonths = 12;

    private readonly Dictionary<string, string[]> errors = [];

    public IResult? Problem => errors.Count == 0 ? null : Results.ValidationProblem(errors);

    /// <summary>The months <c>from</c> and <c>to</c>; the twelve that end with today's when neither is given.</summary>
    public (int From, int To) Months(DateOnly today)
    {
        var to = Month("to", today);
        var from = Month("from", to.AddMonths(1 - Math.Min(UsualMonths, ((to.Year - 1) * UsualMonths) + to.Month)));
        if (to < from) errors.TryAdd("to", [$"{to:yyyy-MM} is before the first month, {from:yyyy-MM}."]);
        return (Spending.Months.ToStored(from), Spending.Months.ToStored(to));
    }

    public int Limit(int whenMissing)
    {
        if (query["limit"].ToString() is not { Length: > 0 } text) return whenMissing;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= MostRows) return limit;
        errors["limit"] = [$"'{text}' is not a whole number from 1 to {MostRows}."];
        return whenMissing;
    }

    private DateOnly Month(string name, DateOnly whenMissing)
    {
        if (query[name].ToString() is not { Length: > 0 } text) return whenMissing;
        if (Spending.Months.TryParse(text, out var first)) return first;
        errors[name] = [$"'{text}' is not a month such as 2026-03."];
        return whenMissing;
    }
}
