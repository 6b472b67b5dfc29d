using System.Globalization;

namespace Bank.Contracts;

/// <summary>An amount in the smallest unit of a currency.</summary>
/// <remarks>Arithmetic is checked: overflow throws <see cref="OverflowException"/>, mixing currencies throws <see cref="CurrencyMismatchException"/>.</remarks>
public sealed record Money : IComparable<Money>
{
    /// <summary>Makes an amount.</summary>
    /// <param name="minorUnits">The amount in the smallest unit, for example cents; may be negative.</param>
    /// <param name="currency">ISO 4217 alphabetic code, three upper-case letters.</param>
    /// <exception cref="ArgumentException"><paramref name="currency"/> is not three upper-case letters.</exception>
    public Money(long minorUnits, string currency)
    {
        if (!Contracts.Currency.IsWellFormed(currency))
            throw new ArgumentException($"Currency: '{currency}' is not an ISO 4217 code of three upper-case letters.", nameof(currency));
        MinorUnits = minorUnits;
        Currency = currency;
    }

    /// <summary>The amount in the smallest unit of <see cref="Currency"/>; may be negative.</summary>
    public long MinorUnits { get; }

    /// <summary>ISO 4217 alphabetic code, three upper-case letters.</summary>
    public string Currency { get; }

    /// <summary>True for an amount above zero.</summary>
    public bool IsPositive() => MinorUnits > 0;

    /// <summary>True for an amount of zero.</summary>
    public bool IsZero() => MinorUnits == 0;

    /// <summary>Nothing, in a currency.</summary>
    public static Money Zero(string currency) => new(0, currency);

    /// <summary>Makes an amount from a decimal number of the main unit, for example 12.34 EUR.</summary>
    /// <exception cref="ArgumentException">The currency is unknown, or the number has more decimals than the currency.</exception>
    /// <exception cref="OverflowException">The amount does not fit 64 bits of minor units.</exception>
    public static Money FromDecimal(decimal amount, string currency)
    {
        if (!Contracts.Currency.TryGetDecimals(currency, out var decimals))
            throw new ArgumentException($"Currency: '{currency}' is not a currency of ISO 4217.", nameof(currency));
        var minor = amount;
        for (var i = 0; i < decimals; i++) minor *= 10m;
        if (minor != decimal.Truncate(minor))
            throw new ArgumentException($"Amount: {amount.ToString(CultureInfo.InvariantCulture)} has more than the {decimals} decimals of {currency}.", nameof(amount));
        return new Money(decimal.ToInt64(minor), currency);
    }

    /// <summary>The amount in the main unit, with as many decimals as the currency has (2 for an unknown currency).</summary>
    public decimal ToDecimal() => new(
        lo: (int)Magnitude, mid: (int)(Magnitude >> 32), hi: 0,
        isNegative: MinorUnits < 0, scale: (byte)Contracts.Currency.DecimalsOf(Currency));

    /// <summary>Adds two amounts of one currency.</summary>
    public static Money operator +(Money left, Money right) => new(checked(left.MinorUnits + right.In(left.Currency)), left.Currency);

    /// <summary>Subtracts two amounts of one currency.</summary>
    public static Money operator -(Money left, Money right) => new(checked(left.MinorUnits - right.In(left.Currency)), left.Currency);

    /// <summary>Turns the sign.</summary>
    public static Money operator -(Money amount) => new(checked(-amount.MinorUnits), amount.Currency);

    /// <summary>Compares two amounts of one currency.</summary>
    public static bool operator >(Money left, Money right) => left.MinorUnits > right.In(left.Currency);

    /// <summary>Compares two amounts of one currency.</summary>
    public static bool operator <(Money left, Money right) => left.MinorUnits < right.In(left.Currency);

    /// <summary>Compares two amounts of one currency.</summary>
    public static bool operator >=(Money left, Money right) => left.MinorUnits >= right.In(left.Currency);

    /// <summary>Compares two amounts of one currency.</summary>
    public static bool operator <=(Money left, Money right) => left.MinorUnits <= right.In(left.Currency);

    /// <summary>Compares with another amount of the same currency; null comes first.</summary>
    public int CompareTo(Money? other) => other is null ? 1 : MinorUnits.CompareTo(other.In(Currency));

    /// <summary>For example <c>12.34 EUR</c>, culture-independent.</summary>
    public override string ToString() => ToDecimal().ToString(CultureInfo.InvariantCulture) + " " + Currency;

    private ulong Magnitude => MinorUnits < 0 ? unchecked((ulong)-MinorUnits) : (ulong)MinorUnits;

    private long In(string currency) =>
        Currency == currency ? MinorUnits : throw new CurrencyMismatchException(currency, Currency);
}
