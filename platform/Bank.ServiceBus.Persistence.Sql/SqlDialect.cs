using Bank.ServiceBus.Persistence.Sql;

namespace Bank.ServiceBus;

/// <summary>A kind of database.</summary>
public abstract class SqlDialect
{
    /// <summary>Only the kinds below are complete.</summary>
    protected SqlDialect()
    {
    }

    internal virtual DialectSql Sql => throw new InvalidOperationException($"{GetType().Name} is no kind of database that is known here.");

    /// <summary>The name of the dialect.</summary>
    public override string ToString() => GetType().Name;

    /// <summary>PostgreSQL 12 or later.</summary>
    public class PostgreSql : SqlDialect
    {
        internal override DialectSql Sql { get; } = new PostgreSqlDialectSql();
    }

    /// <summary>SQL Server 2016 or later.</summary>
    public class MsSqlServer : SqlDialect
    {
        internal override DialectSql Sql { get; } = new MsSqlServerDialectSql();
    }

    /// <summary>SQLite: nearest equivalents of the PostgreSQL tables, with texts for JSON, ids and instants.</summary>
    public class Sqlite : SqlDialect
    {
        internal override DialectSql Sql { get; } = new SqliteDialectSql();
    }
}
