using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Bank.ServiceBus.Sagas;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>Where one saga is stored.</summary>
internal sealed class SagaTable
{
    public SagaTable(SagaMetadata saga, DialectSql dialect, string? schema, string prefix)
    {
        Saga = saga;
        var suffix = saga.SagaType.GetCustomAttribute<SqlSagaAttribute>()?.TableSuffix ?? saga.SagaType.Name;
        if (suffix.Length > dialect.LongestSuffix)
            throw new InvalidOperationException($"{saga.Name}: the table suffix '{suffix}' is longer than {dialect.LongestSuffix} characters; shorten it with SqlSagaAttribute.");
        Name = dialect.Table(schema, prefix + suffix);
        if (saga.CorrelationProperty is not { } property) return;
        CorrelationColumn = "Correlation_" + property.Name;
        // The index name is a fingerprint because PostgreSQL limits the length of names.
        CorrelationIndex = prefix + "_i_" + Convert.ToHexString(SHA1.HashData(Encoding.UTF8.GetBytes($"{suffix}/{property.Name}")));
    }

    public SagaMetadata Saga { get; }

    public string Name { get; }

    public PropertyInfo? CorrelationProperty => Saga.CorrelationProperty;

    public string? CorrelationColumn { get; }

    public string? CorrelationIndex { get; }
}
