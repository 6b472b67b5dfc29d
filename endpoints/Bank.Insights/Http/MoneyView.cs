using System.Globalization;
using Bank.Contracts;

namespace Bank.Insights.Http;

/// <summary>An amount for readers of JSON: as text, so that nobody turns it into a binary fraction. Sums over many bookings may exceed 64 bits.</summary>
internal sealed record MoneyView(string Amount, string Currency, Int128 MinorUnits)
{
    private const int UsualDecimals = 2;
    private static readonly decimal[] MinorUnitsInOne = [1m, 10m, 100m, 1_000m, 10_000m];

    public static MoneyView Of(Int128 minorUnits, string currency)
    {
        var decimals = Contracts.Currency.TryGetDecimals(currency, out var known) ? known : UsualDecimals;
        var main = (decimal)minorUnits / MinorUnitsInOne[decimals];
        return new MoneyView(main.ToString("F" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), currency, minorUnits);
    }
}
