using System.Text.RegularExpressions;
using Bank.StreamStore.Streams;

namespace Bank.StreamStore.Sql;

/// <summary>The statements for SQL Server. Tables and columns are those of SqlStreamStore, schema version 3; the table of the head position is ours.</summary>
internal static partial class MsSqlSql
{
    public static SqlText For(string schema) => new()
    {
        CreateSchema = new MsSqlScripts(schema).CreateSchema,
        LockHead = $"SELECT h.[Position] FROM [{schema}].[AllStreamHead] AS h WITH (UPDLOCK, HOLDLOCK, ROWLOCK) WHERE h.[OneRow] = 1",
        // A follower that has read up to the head would never see what lies below it.
        SetHead = $"""
            UPDATE [{schema}].[AllStreamHead] SET [Position] = @position WHERE [OneRow] = 1 AND [Position] < @position;
            IF @@ROWCOUNT = 0
                THROW 50000, N'The identity of {schema}.Messages has been set back: new positions would come before old ones.', 1;
            """,
        // Locked, and a missing one kept from being made, against writers that do not know the head row.
        FindStream = $"""
            SELECT CAST(s.[IdInternal] AS BIGINT), s.[Version], s.[Position], CASE WHEN s.[MaxCount] > 0 THEN s.[MaxCount] END
            FROM [{schema}].[Streams] AS s WITH (UPDLOCK, HOLDLOCK, ROWLOCK, FORCESEEK)
            WHERE s.[Id] = @id
            """,
        InsertStream = $"""
            INSERT INTO [{schema}].[Streams] ([Id], [IdOriginal], [MaxAge], [MaxCount])
            OUTPUT CAST(inserted.[IdInternal] AS BIGINT), CASE WHEN inserted.[MaxCount] > 0 THEN inserted.[MaxCount] END
            SELECT @id, @original,
                TRY_CAST(CASE WHEN ISJSON(l.[JsonData]) = 1 THEN JSON_VALUE(l.[JsonData], N'$.MaxAge') END AS INT),
                TRY_CAST(CASE WHEN ISJSON(l.[JsonData]) = 1 THEN JSON_VALUE(l.[JsonData], N'$.MaxCount') END AS INT)
            FROM (SELECT 1 AS [One]) AS o
            OUTER APPLY (
                SELECT m.[JsonData]
                FROM [{schema}].[Streams] AS s WITH (FORCESEEK)
                JOIN [{schema}].[Messages] AS m WITH (FORCESEEK) ON m.[StreamIdInternal] = s.[IdInternal] AND m.[StreamVersion] = s.[Version]
                WHERE s.[Id] = @limits) AS l
            OPTION (LOOP JOIN)
            """,
        UpdateStream = $"UPDATE [{schema}].[Streams] SET [Version] = @version, [Position] = @position WHERE [IdInternal] = @stream",
        FindMessages = $"""
            SELECT m.[Id], m.[StreamVersion]
            FROM OPENJSON(@ids) WITH ([Id] UNIQUEIDENTIFIER '$') AS i
            JOIN [{schema}].[Messages] AS m WITH (FORCESEEK) ON m.[StreamIdInternal] = @stream AND m.[Id] = i.[Id]
            OPTION (LOOP JOIN, FORCE ORDER)
            """,
        // The identity of the table gives the positions.
        InsertMessage = $"""
            INSERT INTO [{schema}].[Messages] ([StreamIdInternal], [StreamVersion], [Id], [Created], [Type], [JsonData], [JsonMetadata])
            OUTPUT inserted.[Position]
            VALUES (@stream, @version, @message, @created, @type, @data, ISNULL(@metadata, N''))
            """,
        ReadData = $"SELECT m.[JsonData], m.[ArchivedIn] FROM [{schema}].[Messages] AS m WHERE m.[Position] = @position",
        ReadHead = $"SELECT ISNULL(MAX(m.[Position]), -1) FROM [{schema}].[Messages] AS m",
        ListStreams = pattern => $"""
            SELECT TOP (@count) CAST(s.[IdInternal] AS BIGINT), s.[IdOriginal]
            FROM [{schema}].[Streams] AS s
            WHERE s.[IdInternal] > @after AND {Fits(pattern)}
            ORDER BY s.[IdInternal]
            """,
        ReadAll = (forwards, prefetch) => MsSqlReads.All(schema, forwards, prefetch),
        ReadStream = (forwards, prefetch) => MsSqlReads.Stream(schema, forwards, prefetch),
        ReadSnapshot = $"SELECT n.[Version], n.[MessageId], n.[State] FROM [{schema}].[Snapshots] AS n WHERE n.[Id] = @id AND n.[Type] = @type",
        // The range is locked, so that of two that find none only one inserts.
        WriteSnapshot = $"""
            SET XACT_ABORT ON;
            BEGIN TRANSACTION;
            UPDATE n SET [Version] = @version, [MessageId] = @message, [State] = @state
            FROM [{schema}].[Snapshots] AS n WITH (UPDLOCK, HOLDLOCK, ROWLOCK)
            WHERE n.[Id] = @id AND n.[Type] = @type;
            IF @@ROWCOUNT = 0
                INSERT INTO [{schema}].[Snapshots] ([Id], [Type], [Version], [MessageId], [State]) VALUES (@id, @type, @version, @message, @state);
            COMMIT TRANSACTION;
            """,
        Retention = MsSqlRetention.For(schema),
        Archive = MsSqlArchive.For(schema),
    };

    // By code points: in the collation of most databases capital letters are small ones, and some characters are nothing. The value comes with its wildcards escaped.
    private static string Fits(Pattern pattern) => pattern switch
    {
        Pattern.StartingWith => @"s.[IdOriginal] COLLATE Latin1_General_BIN2 LIKE @value + N'%' ESCAPE N'\'",
        Pattern.EndingWith => @"s.[IdOriginal] COLLATE Latin1_General_BIN2 LIKE N'%' + @value ESCAPE N'\'",
        Pattern.Any => "@value = N''",
        _ => throw Pattern.Unrecognized(nameof(pattern)),
    };

    /// <summary>A text as a part of a pattern in which no character is special.</summary>
    public static string Literally(string value) => Wildcards().Replace(value, @"\$0");

    [GeneratedRegex(@"[\\%_[]")]
    private static partial Regex Wildcards();
}
