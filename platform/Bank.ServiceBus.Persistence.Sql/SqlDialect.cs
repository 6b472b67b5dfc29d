using Bank.ServiceBus.Persistence.Sql;

namespace Bank.ServiceBus;

/// <summary>A kind of database.</summary>
public abstract class SqlDialect
{
    private protected SqlDialect()
    {
    }

    internal abstract DialectSql Sql { get; }

    /// <summary>The name of the dialect.</summary>
    public override string ToString() => GetType().Name;

    /// <summary>PostgreSQL 12 or later.</summary>
    public class PostgreSql : SqlDialect
    {
        internal override DialectSql Sql { get; } = new PostgreSqlDialectSql();
    }

    /// <summary>SQLite: nearest equivalents of the PostgreSQL tables, with texts for JSON, ids and instants.</summary>
    public class Sqlite : SqlDialect
    {
        internal override DialectSql Sql { get; } = new SqliteDialectSql();
    }
}
