using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Bank.ServiceBus.Sagas;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>Where one saga is stored.</summary>
internal sealed class SagaTable
{
    public SagaTable(SagaMetadata saga, DialectSql dialect, string? schema, string prefix, Func<string, string>? nameFilter = null)
    {
        Saga = saga;
        var attribute = saga.SagaType.GetCustomAttribute<SqlSagaAttribute>();
        var suffix = attribute?.TableSuffix ?? saga.SagaType.Name;
        if (nameFilter is not null) suffix = nameFilter(suffix);
        NameParts.Check($"{saga.Name}, table suffix", suffix);
        Suffix = suffix;
        if (suffix.Length > dialect.LongestSuffix)
            throw new InvalidOperationException($"{saga.Name}: the table suffix '{suffix}' is longer than {dialect.LongestSuffix} characters; shorten it with SqlSagaAttribute.");
        if (attribute?.CorrelationProperty is { } stated && stated != saga.CorrelationProperty?.Name)
            throw new InvalidOperationException($"{saga.Name}: SqlSagaAttribute names {stated} as the correlation property, the mapping {saga.CorrelationProperty?.Name ?? "none"}.");
        Name = dialect.Table(schema, prefix + suffix);
        if (saga.CorrelationProperty is { } property) Correlation = Describe(property, prefix);
        if (attribute?.TransitionalCorrelationProperty is { } name)
        {
            var transitional = saga.SagaEntityType.GetProperty(name)
                ?? throw new InvalidOperationException($"{saga.Name}: SqlSagaAttribute names {name}, which {saga.SagaEntityType.Name} does not have.");
            SagaMetadataReader.CheckCorrelates(saga.SagaType, transitional);
            Transitional = Describe(transitional, prefix);
        }
    }

    public SagaMetadata Saga { get; }

    public string Name { get; }

    /// <summary>The name of the table without the prefix.</summary>
    public string Suffix { get; }

    /// <summary>By which instances are found; null when only by id.</summary>
    public SagaCorrelation? Correlation { get; }

    /// <summary>By which a later version will find instances; null for none.</summary>
    public SagaCorrelation? Transitional { get; }

    public IEnumerable<SagaCorrelation> Correlations => new[] { Correlation, Transitional }.OfType<SagaCorrelation>();

    // The index name is a fingerprint because PostgreSQL limits the length of names.
    private SagaCorrelation Describe(PropertyInfo property, string prefix) =>
        new(property, "Correlation_" + property.Name, prefix + "_i_" + Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes($"{Suffix}/{property.Name}"))));
}

/// <summary>A property of the state that has a column with a unique index.</summary>
/// <param name="Property">The property.</param>
/// <param name="Column">The column.</param>
/// <param name="Index">The index; SQL Server names it after the column instead.</param>
internal sealed record SagaCorrelation(PropertyInfo Property, string Column, string Index);
