namespace Bank.StreamStore.Sql;

/// <summary>The scripts for SQL Server, in one schema.</summary>
internal sealed class MsSqlScripts(string schema)
{
    // A changed procedure gets a new number, so that processes of the old version and the new may run side by side.
    private static readonly (string Name, string File)[] Procedures = [("AppendGroup_1", "append_group_1")];

    /// <summary>Creates what is missing; may be run at any time.</summary>
    public string CreateSchema => Script("create_schema_3").Replace("{procedures}", string.Join('\n', Procedures.Select(Create)), StringComparison.Ordinal);

    public string DropAll => Script("drop_all");

    public string MigrateTo3 => Script("migrate_2_to_3");

    /// <summary>Lets readers see what was committed instead of waiting for what is not. Takes no effect while others are connected; the store is right without, too.</summary>
    public static IReadOnlyList<string> AllowSnapshots { get; } =
    [
        """
        IF EXISTS (SELECT 1 FROM sys.databases AS d WHERE d.[database_id] = DB_ID() AND d.[is_read_committed_snapshot_on] = 0)
            ALTER DATABASE CURRENT SET READ_COMMITTED_SNAPSHOT ON WITH NO_WAIT
        """,
        """
        IF EXISTS (SELECT 1 FROM sys.databases AS d WHERE d.[database_id] = DB_ID() AND d.[snapshot_isolation_state] = 0)
            ALTER DATABASE CURRENT SET ALLOW_SNAPSHOT_ISOLATION ON
        """,
    ];

    /// <summary>Returns the version of the schema, 0 when it is missing.</summary>
    public string ReadVersion => $"""
        SELECT CASE WHEN OBJECT_ID(N'[{schema}].[Streams]', N'U') IS NULL THEN 0 ELSE ISNULL((
            SELECT TRY_CAST(CAST(p.[value] AS NVARCHAR(20)) AS INT)
            FROM sys.extended_properties AS p
            WHERE p.[class] = 1 AND p.[major_id] = OBJECT_ID(N'[{schema}].[Streams]', N'U') AND p.[minor_id] = 0 AND p.[name] = N'version'), 1) END
        """;

    /// <summary>Returns the internal ids of streams that have metadata.</summary>
    public string StreamsWithMetadata => $"""
        SELECT s.[IdInternal]
        FROM [{schema}].[Streams] AS s
        JOIN [{schema}].[Streams] AS d ON d.[Id] = CAST('$$' + s.[Id] AS CHAR(42))
        ORDER BY s.[IdInternal]
        """;

    /// <summary>Copies the limits of the stream <c>@stream</c> from its metadata.</summary>
    public string CopyLimits => $"""
        UPDATE s
        SET [MaxAge] = TRY_CAST(CASE WHEN ISJSON(m.[JsonData]) = 1 THEN JSON_VALUE(m.[JsonData], N'$.MaxAge') END AS INT),
            [MaxCount] = TRY_CAST(CASE WHEN ISJSON(m.[JsonData]) = 1 THEN JSON_VALUE(m.[JsonData], N'$.MaxCount') END AS INT)
        FROM [{schema}].[Streams] AS s
        JOIN [{schema}].[Streams] AS d ON d.[Id] = CAST('$$' + s.[Id] AS CHAR(42))
        JOIN [{schema}].[Messages] AS m ON m.[StreamIdInternal] = d.[IdInternal] AND m.[StreamVersion] = d.[Version]
        WHERE s.[IdInternal] = @stream
        """;

    /// <summary>Lets the database user <c>@to</c> read.</summary>
    public static string GrantRead => """
        DECLARE @grant NVARCHAR(MAX) = N'ALTER ROLE [db_datareader] ADD MEMBER ' + QUOTENAME(@to);
        EXEC sys.sp_executesql @grant;
        """;

    /// <summary>Lets the database user <c>@to</c> append, and SqlStreamStore under that user too.</summary>
    public string GrantAppend => $"""
        DECLARE @grant NVARCHAR(MAX) = N'ALTER ROLE [db_datareader] ADD MEMBER ' + QUOTENAME(@to)
            + N'; ALTER ROLE [db_datawriter] ADD MEMBER ' + QUOTENAME(@to)
            + N'; GRANT EXECUTE ON TYPE::[{schema}].[NewStreamMessages] TO ' + QUOTENAME(@to)
            + N'; GRANT EXECUTE ON TYPE::[{schema}].[AppendGroupStreams_1] TO ' + QUOTENAME(@to)
            + N'; GRANT EXECUTE ON TYPE::[{schema}].[AppendGroupAppends_1] TO ' + QUOTENAME(@to)
            + N'; GRANT EXECUTE ON TYPE::[{schema}].[AppendGroupMessages_1] TO ' + QUOTENAME(@to)
            + N'; GRANT EXECUTE ON [{schema}].[AppendGroup_1] TO ' + QUOTENAME(@to);
        EXEC sys.sp_executesql @grant;
        """;

    private string Create((string Name, string File) procedure) => $"""
        IF OBJECT_ID(N'[{schema}].[{procedure.Name}]', N'P') IS NULL
            EXEC(N'{Script(procedure.File).Replace("'", "''", StringComparison.Ordinal)}');
        """;

    private string Script(string name)
    {
        using var stream = typeof(MsSqlScripts).Assembly.GetManifestResourceStream($"Bank.StreamStore.Scripts.SqlServer.{name}.sql")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Replace("{schema}", schema, StringComparison.Ordinal);
    }
}
