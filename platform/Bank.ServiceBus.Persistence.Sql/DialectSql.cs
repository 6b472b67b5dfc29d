using System.Data.Common;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>What differs between kinds of databases.</summary>
internal abstract class DialectSql
{
    /// <summary>Run on each new connection; empty for nothing.</summary>
    public virtual string PrepareConnection => "";

    /// <summary>Follows a select to keep others from changing the row until the end of the transaction.</summary>
    public abstract string RowLock { get; }

    /// <summary>The longest table prefix.</summary>
    public virtual int LongestPrefix => int.MaxValue;

    /// <summary>The longest suffix of a saga table.</summary>
    public virtual int LongestSuffix => int.MaxValue;

    public abstract Task<DbTransaction> Begin(DbConnection connection, CancellationToken cancellationToken);

    public abstract string Table(string? schema, string name);

    public abstract void AddJson(DbCommand command, string name, string json, Action<DbParameter>? modifier);

    public abstract object Id(Guid id);

    public abstract object Instant(DateTimeOffset instant);

    /// <summary>A correlation value of type string, Guid or integer.</summary>
    public abstract object Correlation(object value);

    /// <summary>The type of the correlation column.</summary>
    public abstract string CorrelationType(Type type);

    public abstract string CreateOutbox(string table, string? schema);

    public abstract string CreateSaga(string table, SagaTable saga, string? schema);

    /// <summary>Removes at most <c>@batch</c> records that were dispatched before <c>@before</c>.</summary>
    public abstract string CleanOutbox(string table);

    public static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
