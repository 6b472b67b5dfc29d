namespace Bank.Hub.Projections;

/// <summary>A column of a projection's table.</summary>
/// <param name="Name">Its name, in lower case.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Length">How many characters at most; zero for numbers.</param>
/// <param name="IsNullable">Whether it may hold nothing.</param>
public sealed record ProjectionColumn(string Name, ColumnType Type, int Length, bool IsNullable);

/// <summary>What a column holds.</summary>
public enum ColumnType
{
    /// <summary>Text up to a length.</summary>
    Text,

    /// <summary>A whole number of 64 bits.</summary>
    Number,

    /// <summary>A whole number of 32 bits.</summary>
    Integer,
}
