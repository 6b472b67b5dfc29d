using System.Globalization;
using Bank.Contracts;

namespace Bank.Insights.Http;

/// <summary>An amount for readers of JSON: as text, so that nobody turns it into a binary fraction.</summary>
internal sealed record MoneyView(string Amount, string Currency, long MinorUnits)
{
    public static MoneyView Of(Money money) => new(money.ToDecimal().ToString(CultureInfo.InvariantCulture), money.Currency, money.MinorUnits);
}
