using Bank.Contracts;

namespace Bank.Projections.Http;

/// <summary>An amount for readers of JSON: as text, so that nobody turns it into a binary fraction.</summary>
internal sealed record MoneyView(string Amount, string Currency, long MinorUnits)
{
    public static MoneyView Of(long minorUnits, string currency)
    {
        var decimals = new Money(minorUnits, currency).ToDecimal();
        return new MoneyView(decimals.ToString(System.Globalization.CultureInfo.InvariantCulture), currency, minorUnits);
    }
}
