namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>Names the table of a saga.</summary>
/// <param name="tableSuffix">What follows the prefix in the name of the table. Default: the name of the saga class.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SqlSagaAttribute(string? tableSuffix = null) : Attribute
{
    /// <summary>What follows the prefix in the name of the table; null for the name of the saga class.</summary>
    public string? TableSuffix { get; } = tableSuffix;
}
