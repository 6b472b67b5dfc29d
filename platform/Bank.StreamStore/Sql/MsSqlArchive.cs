namespace Bank.StreamStore.Sql;

/// <summary>The statements for SQL Server that archive.</summary>
internal static class MsSqlArchive
{
    public static ArchiveText For(string schema) => new()
    {
        LastArchived = $"SELECT ISNULL(MAX(a.[LastPosition]), -1) FROM [{schema}].[MessageArchive] AS a",
        Survey = $"""
            SELECT m.[Position], m.[Created],
                CASE WHEN m.[ArchivedIn] IS NULL AND LEFT(s.[IdOriginal], 1) <> N'$' AND s.[MaxAge] IS NULL AND s.[MaxCount] IS NULL THEN 1 ELSE 0 END,
                CAST(DATALENGTH(m.[JsonData]) + ISNULL(DATALENGTH(m.[JsonMetadata]), 0) AS BIGINT)
            FROM (
                SELECT TOP (@count) f.[StreamIdInternal], f.[Position], f.[Created], f.[ArchivedIn], f.[JsonData], f.[JsonMetadata]
                FROM [{schema}].[Messages] AS f
                WHERE f.[Position] > @position
                ORDER BY f.[Position]) AS m
            JOIN [{schema}].[Streams] AS s ON s.[IdInternal] = m.[StreamIdInternal]
            ORDER BY m.[Position]
            OPTION (LOOP JOIN, FORCE ORDER)
            """,
        ReadPayloads = $"""
            SELECT m.[Position], m.[JsonData], m.[JsonMetadata]
            FROM OPENJSON(@positions) WITH ([Position] BIGINT '$') AS i
            JOIN [{schema}].[Messages] AS m WITH (FORCESEEK) ON m.[Position] = i.[Position]
            WHERE m.[ArchivedIn] IS NULL
            ORDER BY m.[Position]
            OPTION (LOOP JOIN, FORCE ORDER)
            """,
        // SqlStreamStore, and earlier programs of this store, refuse tables of another version than 3.
        NoteVersion = $"""
            IF NOT EXISTS (
                SELECT 1 FROM sys.extended_properties AS p
                WHERE p.[class] = 1 AND p.[major_id] = OBJECT_ID(N'[{schema}].[Streams]', N'U') AND p.[minor_id] = 0 AND p.[name] = N'version' AND CAST(p.[value] AS NVARCHAR(20)) = N'4')
                EXEC sys.sp_updateextendedproperty
                    @name = N'version', @value = N'4', @level0type = N'SCHEMA', @level0name = N'{schema}', @level1type = N'TABLE', @level1name = N'Streams';
            """,
        InsertSegment = $"""
            INSERT INTO [{schema}].[MessageArchive] ([Id], [FirstPosition], [LastPosition], [Messages], [Checksum], [Payload])
            VALUES (@segment, @first, @last, @messages, @checksum, @payload)
            """,
        // Who never waits for a row is in nobody's way, and deletions cannot end in a deadlock with it.
        TakePayloads = $"""
            UPDATE m
            SET [ArchivedIn] = @segment, [JsonData] = N'{ArchiveText.Placeholder}', [JsonMetadata] = NULL
            FROM OPENJSON(@positions) WITH ([Position] BIGINT '$') AS i
            JOIN [{schema}].[Messages] AS m WITH (FORCESEEK, ROWLOCK, READPAST) ON m.[Position] = i.[Position]
            WHERE m.[ArchivedIn] IS NULL
            OPTION (LOOP JOIN, FORCE ORDER)
            """,
        ReadSegments = $"""
            SELECT a.[Id], a.[Checksum], a.[Payload]
            FROM OPENJSON(@segments) WITH ([Id] BIGINT '$') AS i
            JOIN [{schema}].[MessageArchive] AS a WITH (FORCESEEK) ON a.[Id] = i.[Id]
            OPTION (LOOP JOIN, FORCE ORDER)
            """,
        UpdateSegment = $"UPDATE [{schema}].[MessageArchive] SET [Messages] = @messages, [Checksum] = @checksum, [Payload] = @payload WHERE [Id] = @segment",
        DeleteSegment = $"DELETE FROM [{schema}].[MessageArchive] WHERE [Id] = @segment",
        // Space that becomes free is used again.
        ReuseSpace = null,
    };
}
