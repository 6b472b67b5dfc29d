using System.Globalization;
using CsvHelper;

namespace Bank.CommandLine.Demo;

/// <summary>A line of <c>ops/samples/accounts.csv</c>.</summary>
/// <param name="AccountId">The account.</param>
/// <param name="Currency">ISO 4217 code.</param>
/// <param name="Overdraft">How far the balance may fall below zero, in the main unit.</param>
/// <param name="OpeningBalance">What is deposited after opening, in the main unit; 0 for nothing.</param>
/// <param name="Close">Whether it is closed again before payments come.</param>
internal sealed record SampleAccount(string AccountId, string Currency, string Overdraft, string OpeningBalance, bool Close)
{
    public bool HasBalance => decimal.Parse(OpeningBalance, CultureInfo.InvariantCulture) > 0;

    public static IReadOnlyList<SampleAccount> Read(string file)
    {
        using var text = new StreamReader(file);
        using var csv = new CsvReader(text, CultureInfo.InvariantCulture);
        return [.. csv.GetRecords<SampleAccount>()];
    }
}
