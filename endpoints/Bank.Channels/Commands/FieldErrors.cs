using System.Globalization;
using System.Text.Json;
using Bank.Contracts;
using Bank.Contracts.Accounts;

namespace Bank.Channels.Commands;

/// <summary>Reads fields of a request, collecting what is wrong with them by name.</summary>
public sealed class FieldErrors
{
    // What is longer may not fit a decimal, which would then round it.
    private const int LongestNumber = 28;

    private readonly Dictionary<string, string[]> errors = [];

    public bool Any => errors.Count > 0;

    public IResult ToProblem() => Results.ValidationProblem(errors, title: "The request is malformed.");

    public void Add(string field, string problem) => errors[field] = [problem];

    public string AccountId(string field, string? text)
    {
        if (text is { Length: > 0 and <= 64 } && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_' or '.' or ':')) return text;
        Add(field, "must be 1 to 64 letters, digits, or one of - _ . :");
        return "";
    }

    public string Text(string field, string? text, int longest)
    {
        if (string.IsNullOrWhiteSpace(text)) Add(field, "is missing");
        else CheckText(field, text, longest);
        return text ?? "";
    }

    public string? OptionalText(string field, string? text, int longest)
    {
        if (text is not null) CheckText(field, text, longest);
        return text;
    }

    public string? OptionalDay(string field, string? text)
    {
        if (text is not null && !ValueDates.IsWellFormed(text)) Add(field, "is not a day such as 2026-03-31");
        return text;
    }

    public string Currency(string field, string? text)
    {
        if (text is null) Add(field, "is missing");
        else if (!Contracts.Currency.IsKnown(text)) Add(field, $"'{text}' is not a currency of ISO 4217");
        return text ?? "";
    }

    public Money Amount(string field, JsonElement? amount, string currency, bool mayBeZero = false)
    {
        var nothing = Money.Zero("XXX");
        if (amount is not { ValueKind: not JsonValueKind.Null } value)
        {
            Add(field, "is missing");
            return nothing;
        }

        // As written: digits need no escapes, and an escape may stand for half a character.
        var text = value.GetRawText().Trim('"');
        const NumberStyles plain = NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;
        if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number) || text.Length > LongestNumber || !decimal.TryParse(text, plain, CultureInfo.InvariantCulture, out var number))
        {
            Add(field, "is not a decimal number such as \"12.34\"");
            return nothing;
        }

        if (number < 0 || (number == 0 && !mayBeZero))
        {
            Add(field, mayBeZero ? "must be zero or more" : "must be above zero");
            return nothing;
        }

        if (!Contracts.Currency.IsKnown(currency)) return nothing;
        try
        {
            return Money.FromDecimal(number, currency);
        }
        catch (ArgumentException)
        {
            Add(field, $"has more decimals than {currency} has");
        }
        catch (OverflowException)
        {
            Add(field, "is too large");
        }

        return nothing;
    }

    private void CheckText(string field, string text, int longest)
    {
        if (text.Length > longest) Add(field, $"has more than {longest} characters");
        else if (text.Any(char.IsControl)) Add(field, "contains a control character");
    }
}
