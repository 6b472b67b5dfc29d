namespace Bank.Hub;

/// <summary>In what the statements of the hub differ from database to database.</summary>
internal sealed record HubDialect
{
    public static readonly HubDialect PostgreSql = new()
    {
        Now = "(extract(epoch from clock_timestamp()) * 1000)::bigint",
        OneAtATime = "SELECT pg_advisory_xact_lock(7265613)",
    };

    public static readonly HubDialect Sqlite = new() { Now = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)" };

    public static readonly HubDialect SqlServer = new()
    {
        Now = "DATEDIFF_BIG(MILLISECOND, CAST('19700101' AS DATETIME2), SYSUTCDATETIME())",
        OneAtATime = "EXEC sys.sp_getapplock @Resource = N'Bank.Hub', @LockMode = N'Exclusive'",
        Create = (table, columns) => $"IF OBJECT_ID(N'{table}', N'U') IS NULL CREATE TABLE {table} ({columns})",
        InsertMissing = (table, key, columns, values) => $"""
            INSERT INTO {table} ({columns})
            SELECT {values} WHERE NOT EXISTS (SELECT 1 FROM {table} WITH (UPDLOCK, HOLDLOCK) WHERE {key})
            """,
        UpdateReturning = (table, changes, condition, columns) => $"""
            UPDATE {table} SET {changes}
            OUTPUT {string.Join(", ", columns.Select(column => "inserted." + column))}
            WHERE {condition}
            """,
        Text = length => length is null ? "NVARCHAR(MAX)" : $"NVARCHAR({length})",
    };

    /// <summary>Milliseconds since 1970 by the clock of the database.</summary>
    public required string Now { get; init; }

    /// <summary>Makes others wait until the end of the transaction; null where a transaction that writes does so anyway.</summary>
    public string? OneAtATime { get; init; }

    /// <summary>Creates a table of some columns if it is missing.</summary>
    public Func<string, string, string> Create { get; init; } = (table, columns) => $"CREATE TABLE IF NOT EXISTS {table} ({columns})";

    /// <summary>Inserts into a table, unless there is a row with the key, columns and values.</summary>
    public Func<string, string, string, string, string> InsertMissing { get; init; } =
        (table, _, columns, values) => $"INSERT INTO {table} ({columns}) VALUES ({values}) ON CONFLICT DO NOTHING";

    /// <summary>Changes the rows of a table that meet a condition, and returns columns of them.</summary>
    public Func<string, string, string, string[], string> UpdateReturning { get; init; } =
        (table, changes, condition, columns) => $"UPDATE {table} SET {changes} WHERE {condition} RETURNING {string.Join(", ", columns)}";

    /// <summary>The type of texts up to a length; of any length for null.</summary>
    public Func<int?, string> Text { get; init; } = length => length is null ? "TEXT" : $"VARCHAR({length})";
}
