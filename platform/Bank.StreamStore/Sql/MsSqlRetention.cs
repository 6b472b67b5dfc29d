namespace Bank.StreamStore.Sql;

/// <summary>The statements for SQL Server that delete.</summary>
internal static class MsSqlRetention
{
    public static RetentionText For(string schema) => new()
    {
        DeleteStreamMessages = $"""
            DECLARE @gone TABLE ([Id] UNIQUEIDENTIFIER NOT NULL, [Position] BIGINT NOT NULL, [ArchivedIn] BIGINT NULL);
            DELETE FROM [{schema}].[Messages]
            OUTPUT deleted.[Id], deleted.[Position], deleted.[ArchivedIn] INTO @gone ([Id], [Position], [ArchivedIn])
            WHERE [StreamIdInternal] = @stream;
            SELECT g.[Id], g.[Position], g.[ArchivedIn] FROM @gone AS g WHERE g.[ArchivedIn] IS NOT NULL;
            """,
        DeleteStream = $"DELETE FROM [{schema}].[Streams] WHERE [IdInternal] = @stream",
        DeleteMessages = $"""
            DELETE m
            OUTPUT deleted.[Id], deleted.[Position], deleted.[ArchivedIn]
            FROM OPENJSON(@ids) WITH ([Id] UNIQUEIDENTIFIER '$') AS i
            JOIN [{schema}].[Messages] AS m WITH (FORCESEEK) ON m.[StreamIdInternal] = @stream AND m.[Id] = i.[Id]
            OPTION (LOOP JOIN, FORCE ORDER)
            """,
        NewestVersion = $"SELECT MAX(m.[StreamVersion]) FROM [{schema}].[Messages] AS m WHERE m.[StreamIdInternal] = @stream",
        SetLimits = $"UPDATE [{schema}].[Streams] SET [MaxAge] = @age, [MaxCount] = @kept WHERE [Id] = @id",
        BeyondLimit = $"""
            DECLARE @limit INT = (SELECT s.[MaxCount] FROM [{schema}].[Streams] AS s WHERE s.[IdInternal] = @stream AND s.[MaxCount] > 0);
            DECLARE @last INT;
            IF @limit IS NOT NULL
                SET @last = (
                    SELECT n.[StreamVersion] FROM [{schema}].[Messages] AS n WHERE n.[StreamIdInternal] = @stream
                    ORDER BY n.[StreamVersion] DESC OFFSET @limit ROWS FETCH NEXT 1 ROWS ONLY);
            SELECT TOP (@count) m.[Id] FROM [{schema}].[Messages] AS m WHERE m.[StreamIdInternal] = @stream AND m.[StreamVersion] <= @last ORDER BY m.[StreamVersion];
            """,
        DeleteExpired = $"""
            DELETE m
            OUTPUT deleted.[Id], deleted.[Position], deleted.[ArchivedIn]
            FROM OPENJSON(@ids) WITH ([Id] UNIQUEIDENTIFIER '$') AS i
            JOIN [{schema}].[Messages] AS m WITH (FORCESEEK) ON m.[StreamIdInternal] = @stream AND m.[Id] = i.[Id]
            JOIN [{schema}].[Streams] AS s ON s.[IdInternal] = m.[StreamIdInternal]
            WHERE s.[MaxAge] > 0 AND DATEADD(SECOND, s.[MaxAge], m.[Created]) <= @now
            OPTION (LOOP JOIN, FORCE ORDER)
            """,
    };
}
