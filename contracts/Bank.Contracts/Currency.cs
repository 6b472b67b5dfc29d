namespace Bank.Contracts;

/// <summary>Facts about currencies, after ISO 4217 list one (circulating currencies and their minor units).</summary>
public static class Currency
{
    private const string NoDecimals =
        "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF";

    private const string TwoDecimals =
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD " +
        "BTN BWP BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP " +
        "DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF " +
        "IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL " +
        "MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR " +
        "NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP " +
        "SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD " +
        "USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG";

    private const string ThreeDecimals =
        "BHD IQD JOD KWD LYD OMR TND";

    private const string FourDecimals =
        "CLF UYW";

    private static readonly Dictionary<string, int> DecimalsByCode = Index();

    /// <summary>True for three upper-case letters A to Z, whether or not such a currency exists.</summary>
    public static bool IsWellFormed(string? code) =>
        code is { Length: 3 } && code.All(letter => letter is >= 'A' and <= 'Z');

    /// <summary>True when ISO 4217 has the currency.</summary>
    public static bool IsKnown(string? code) => code is not null && DecimalsByCode.ContainsKey(code);

    /// <summary>Tells how many decimals the main unit has: 2 for EUR, 0 for JPY, 3 for KWD.</summary>
    /// <returns>False when ISO 4217 does not have the currency.</returns>
    public static bool TryGetDecimals(string? code, out int decimals)
    {
        decimals = 0;
        return code is not null && DecimalsByCode.TryGetValue(code, out decimals);
    }

    internal static int DecimalsOf(string code) => TryGetDecimals(code, out var decimals) ? decimals : 2;

    private static Dictionary<string, int> Index()
    {
        var index = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var (codes, decimals) in new[] { (NoDecimals, 0), (TwoDecimals, 2), (ThreeDecimals, 3), (FourDecimals, 4) })
        {
            foreach (var code in codes.Split(' '))
                index.Add(code, decimals);
        }

        return index;
    }
}
