namespace Bank.Hosting;

/// <summary>Where an endpoint keeps its data.</summary>
public enum DatabaseKind
{
    /// <summary>In a file of its own; needs no server.</summary>
    Sqlite,

    /// <summary>In a PostgreSQL database of its own.</summary>
    PostgreSql,

    /// <summary>In a SQL Server database of its own. For endpoints that keep streams or sagas and no other tables.</summary>
    SqlServer,
}
