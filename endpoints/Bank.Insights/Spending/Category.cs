using Bank.Contracts;
using Bank.Contracts.Accounts;

namespace Bank.Insights.Spending;

/// <summary>What money was spent on, as far as the words around a payment tell. The names travel in answers and are stored; a new rule needs a new version of the projection.</summary>
internal static class Category
{
    public const string Cash = "Cash";
    public const string Cards = "Cards";
    public const string Transfers = "Transfers";

    private static readonly (string Category, string[] Words)[] Rules =
    [
        ("Salaries", ["sal", "salary", "salaries", "payroll", "wage", "wages"]),
        ("Housing", ["rent", "mortgage", "housing"]),
        ("Groceries", ["grocery", "groceries", "supermarket", "food"]),
        ("Utilities", ["electricity", "energy", "gas", "water", "internet", "phone"]),
        ("Insurance", ["insurance"]),
        ("Taxes", ["tax", "taxes", "vat"]),
        ("Savings", ["savings", "pension"]),
        ("Invoices", ["inv", "invoice", "invoices", "bill"]),
    ];

    /// <summary>By the first word of a text that says something.</summary>
    /// <returns>Null when none does.</returns>
    public static string? OfText(string? text)
    {
        foreach (var word in Words(text ?? ""))
        {
            foreach (var (category, words) in Rules)
            {
                if (words.Contains(word, StringComparer.OrdinalIgnoreCase)) return category;
            }
        }

        return null;
    }

    /// <summary>What an outgoing booking is for: by its purpose, else by its kind.</summary>
    public static string Of(IAccountEvent booking) => OfText(booking.Origin.Purpose) ?? booking switch
    {
        MoneyWithdrawn => Cash,
        ReservationCaptured { TransferId: null } => Cards,
        _ => Transfers,
    };

    private static IEnumerable<string> Words(string text)
    {
        for (var begin = 0; begin < text.Length; begin++)
        {
            var end = begin;
            while (end < text.Length && char.IsAsciiLetter(text[end])) end++;
            if (end == begin) continue;
            yield return text[begin..end];
            begin = end;
        }
    }
}
