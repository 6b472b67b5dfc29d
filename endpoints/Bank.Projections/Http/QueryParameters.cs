using System.Globalization;
using Bank.Projections.Storage;

namespace Bank.Projections.Http;

/// <summary>Reads query parameters, collecting what is wrong with them by name.</summary>
internal sealed class QueryParameters(IQueryCollection query)
{
    private const int MostRows = 1000;

    // Only forms of ISO 8601: "01/02/2026" means two days, and a time without its day means another one tomorrow.
    private static readonly string[] InstantForms = ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    private readonly Dictionary<string, string[]> errors = [];

    public IResult? Problem => errors.Count == 0 ? null : Results.ValidationProblem(errors);

    public DateTimeOffset? Instant(string name)
    {
        if (query[name].ToString() is not { Length: > 0 } text) return null;
        // A plus sign in a query is a space; people forget to escape it.
        if (DateTimeOffset.TryParseExact(text.Replace(' ', '+'), InstantForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant)) return instant;
        errors[name] = [$"'{text}' is not an instant such as 2026-03-31T12:00:00Z."];
        return null;
    }

    /// <summary>A day of the calendar in UTC.</summary>
    public DateOnly? Day(string name)
    {
        if (query[name].ToString() is not { Length: > 0 } text) return null;
        if (Days.TryParse(text, out var day)) return day;
        errors[name] = [$"'{text}' is not a day such as 2026-03-31."];
        return null;
    }

    /// <summary>Names a parameter that is wrong in the company of others.</summary>
    public void Refuse(string name, string problem) => errors.TryAdd(name, [problem]);

    /// <summary>Refuses parameters that contradict another that is given.</summary>
    public void RefuseBeside(string given, params ReadOnlySpan<string> others)
    {
        foreach (var other in others)
        {
            if (query[other].ToString().Length > 0) Refuse(other, $"cannot be combined with {given}.");
        }
    }

    public int Limit(string name = "limit", int whenMissing = 100) => (int)Number(name, whenMissing, 1, MostRows);

    public long Number(string name, long whenMissing, long min, long max)
    {
        if (query[name].ToString() is not { Length: > 0 } text) return whenMissing;
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max) return number;
        errors[name] = [$"'{text}' is not a whole number from {min} to {max}."];
        return whenMissing;
    }

    public T? Choice<T>(string name) where T : struct, Enum
    {
        if (query[name].ToString() is not { Length: > 0 } text) return null;
        if (Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value)) return value;
        errors[name] = [$"'{text}' is none of {string.Join(", ", Enum.GetNames<T>())}."];
        return null;
    }

    public string Text(string name)
    {
        var text = query[name].ToString();
        if (text.Any(char.IsControl)) errors[name] = ["contains a control character."];
        return text;
    }
}
