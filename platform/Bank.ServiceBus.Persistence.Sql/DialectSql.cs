using System.Data.Common;

namespace Bank.ServiceBus.Persistence.Sql;

/// <summary>What differs between kinds of databases.</summary>
internal abstract class DialectSql
{
    /// <summary>Run on each new connection; empty for nothing.</summary>
    public virtual string PrepareConnection => "";

    /// <summary>Begins each script that is written to a file, for whoever runs it with a connection unlike ours; empty for nothing.</summary>
    public virtual string BeginScript => "";

    /// <summary>Follows a select to keep others from changing the row until the end of the transaction.</summary>
    public virtual string RowLock => "";

    /// <summary>Follows the table of a select for the same purpose, where the database wants it there.</summary>
    public virtual string LockHint => "";

    /// <summary>The schema when none was chosen; empty where there are none.</summary>
    public abstract string DefaultSchema { get; }

    /// <summary>The value true.</summary>
    public virtual string True => "true";

    /// <summary>The longest table prefix.</summary>
    public virtual int LongestPrefix => int.MaxValue;

    /// <summary>The longest suffix of a saga table.</summary>
    public virtual int LongestSuffix => int.MaxValue;

    public abstract DbTransaction Begin(DbConnection connection);

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

    /// <summary>Run before <see cref="CreateSaga"/>, in its transaction, where a script alone cannot find out which columns a table of an earlier version lacks.</summary>
    public virtual Task AddMissingColumns(SqlTransaction transaction, SagaTable saga, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Removes at most <c>@batch</c> records that were dispatched before <c>@before</c>.</summary>
    public abstract string CleanOutbox(string table);

    /// <summary>Adds a list of values as parameters.</summary>
    /// <returns>The condition that a column equals one of them.</returns>
    public virtual string IsOneOf(DbCommand command, IReadOnlyList<string> values)
    {
        for (var index = 0; index < values.Count; index++) Add(command, "v" + index, values[index]);
        return $"in ({string.Join(", ", values.Select((_, index) => "@v" + index))})";
    }

    /// <summary>Adds the parameters of a statement that writes the records whose message is not there yet, and returns the ids of those it wrote.</summary>
    /// <returns>The statement.</returns>
    public abstract string InsertOutboxRecords(DbCommand command, string table, IReadOnlyList<OutboxRecord> records, string version);

    public static void Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
    }
}
