namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>Says how a saga is stored.</summary>
/// <param name="correlationProperty">The property that correlates messages; only checked, since the mapping of the saga says it already.</param>
/// <param name="transitionalCorrelationProperty">A second property that is kept in a column of its own, so that a later version can correlate by it.</param>
/// <param name="tableSuffix">What follows the prefix in the name of the table. Default: the name of the saga class.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class SqlSagaAttribute(string? correlationProperty = null, string? transitionalCorrelationProperty = null, string? tableSuffix = null) : Attribute
{
    /// <summary>The property that correlates messages; null to leave it to the mapping.</summary>
    public string? CorrelationProperty { get; } = correlationProperty;

    /// <summary>The property that will correlate messages in a later version; null for none.</summary>
    public string? TransitionalCorrelationProperty { get; } = transitionalCorrelationProperty;

    /// <summary>What follows the prefix in the name of the table; null for the name of the saga class.</summary>
    public string? TableSuffix { get; } = tableSuffix;
}
