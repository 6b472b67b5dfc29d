using System.Text.Json;
using CsCheck;

namespace Bank.Contracts.Tests;

public sealed class MoneyTests
{
    private static readonly Gen<long> Units = Gen.Long[-1_000_000_000_000, 1_000_000_000_000];
    private static readonly Gen<string> Codes = Gen.OneOf("EUR", "USD", "JPY", "BHD", "CLF");

    [Fact]
    public void Sums_do_not_depend_on_order() =>
        Gen.Select(Units, Units, Units).Sample((a, b, c) =>
            Eur(a) + Eur(b) + Eur(c) == Eur(c) + (Eur(b) + Eur(a)));

    [Fact]
    public void What_was_added_can_be_taken_away() =>
        Gen.Select(Units, Units).Sample((a, b) => Eur(a) + Eur(b) - Eur(b) == Eur(a) && Eur(a) - Eur(b) == -(Eur(b) - Eur(a)));

    [Fact]
    public void Order_is_that_of_the_minor_units() =>
        Gen.Select(Units, Units).Sample((a, b) =>
            (Eur(a) < Eur(b)) == (a < b) && (Eur(a) >= Eur(b)) == (a >= b) && Math.Sign(Eur(a).CompareTo(Eur(b))) == a.CompareTo(b));

    [Fact]
    public void Decimals_and_minor_units_say_the_same() =>
        Gen.Select(Gen.Long, Codes).Sample((units, code) => Money.FromDecimal(new Money(units, code).ToDecimal(), code) == new Money(units, code));

    [Fact]
    public void JSON_brings_back_the_same_money() =>
        Gen.Select(Gen.Long, Codes).Sample((units, code) =>
            JsonSerializer.Deserialize<Money>(JsonSerializer.Serialize(new Money(units, code))) == new Money(units, code));

    [Theory]
    [InlineData(12345, "EUR", "123.45 EUR")]
    [InlineData(-5, "USD", "-0.05 USD")]
    [InlineData(500, "JPY", "500 JPY")]
    [InlineData(1234, "BHD", "1.234 BHD")]
    [InlineData(long.MinValue, "EUR", "-92233720368547758.08 EUR")]
    public void Text_has_the_decimals_of_the_currency(long units, string code, string text) => Assert.Equal(text, new Money(units, code).ToString());

    [Fact]
    public void Currencies_do_not_mix()
    {
        Assert.Throws<CurrencyMismatchException>(() => Eur(1) + new Money(1, "USD"));
        Assert.Throws<CurrencyMismatchException>(() => Eur(1) - new Money(1, "USD"));
        Assert.Throws<CurrencyMismatchException>(() => Eur(1) < new Money(1, "USD"));
        Assert.Throws<CurrencyMismatchException>(() => Eur(1).CompareTo(new Money(1, "USD")));
    }

    [Fact]
    public void Overflow_is_an_error_and_never_another_amount()
    {
        Assert.Throws<OverflowException>(() => Eur(long.MaxValue) + Eur(1));
        Assert.Throws<OverflowException>(() => Eur(long.MinValue) - Eur(1));
        Assert.Throws<OverflowException>(() => -Eur(long.MinValue));
    }

    [Theory]
    [InlineData("eur")]
    [InlineData("EURO")]
    [InlineData("")]
    [InlineData("E1R")]
    [InlineData(null)]
    public void A_malformed_currency_is_named(string? code) =>
        Assert.Contains("Currency", Assert.Throws<ArgumentException>(() => new Money(1, code!)).Message, StringComparison.Ordinal);

    [Fact]
    public void Too_many_decimals_are_refused()
    {
        Assert.Throws<ArgumentException>(() => Money.FromDecimal(1.001m, "EUR"));
        Assert.Throws<ArgumentException>(() => Money.FromDecimal(0.5m, "JPY"));
    }

    private static Money Eur(long units) => new(units, "EUR");
}
