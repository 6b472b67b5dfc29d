-- Appends a group: every append of it with an outcome of its own, all in one transaction.
-- Streams and appends are numbered. The appends of one stream belong to rounds that follow one another; a round has at most one append of each stream.
-- No two appends of a group carry the same id for the same stream.
-- Returns a row for each append, in order. Version: the stream's version after the append, null for a wrong expected version. Position: its newest position.
-- MaxCount: the limit of the stream, if it has one.
CREATE PROCEDURE [{schema}].[AppendGroup_1]
    @streams [{schema}].[AppendGroupStreams_1] READONLY,
    @appends [{schema}].[AppendGroupAppends_1] READONLY,
    @messages [{schema}].[AppendGroupMessages_1] READONLY,
    @created DATETIME = NULL
AS
BEGIN
    SET NOCOUNT ON;
    -- Any error, and a caller that gives up, ends the transaction.
    SET XACT_ABORT ON;
    SET TRANSACTION ISOLATION LEVEL READ COMMITTED;

    DECLARE @any INT = -2;
    DECLARE @noStream INT = -3;
    DECLARE @head BIGINT;
    DECLARE @first BIGINT;
    DECLARE @last BIGINT;
    DECLARE @round INT = 1;
    DECLARE @rounds INT = (SELECT MAX(a.[Round]) FROM @appends AS a);

    -- Loops and orders of joins are prescribed: plans are made once and must be those that suit large tables and small groups.
    -- A stream as it was found, and its version as the rounds go on: null while it is missing.
    DECLARE @state TABLE (
        [Stream] INT NOT NULL PRIMARY KEY,
        [IdInternal] INT NULL,
        [Version] INT NULL,
        [Position] BIGINT NOT NULL,
        [MaxCount] INT NULL
    );
    -- Found: how many of the ids the stream holds. Lowest, Highest: the version that the append's first message would then have.
    -- Base: the version of its first message if it is written. Version: the outcome.
    DECLARE @decisions TABLE (
        [Append] INT NOT NULL PRIMARY KEY,
        [Round] INT NOT NULL,
        [Stream] INT NOT NULL,
        [Expected] INT NOT NULL,
        [Count] INT NOT NULL,
        [Found] INT NOT NULL,
        [Lowest] INT NULL,
        [Highest] INT NULL,
        [Base] INT NULL,
        [Version] INT NULL,
        UNIQUE ([Round], [Stream])
    );
    DECLARE @written TABLE (
        [IdInternal] INT NOT NULL,
        [Version] INT NOT NULL,
        [Position] BIGINT NOT NULL,
        PRIMARY KEY ([IdInternal], [Version])
    );

    BEGIN TRANSACTION;

    -- Held to the commit, so positions come in the order of commits.
    SELECT @head = h.[Position]
    FROM [{schema}].[AllStreamHead] AS h WITH (UPDLOCK, HOLDLOCK, ROWLOCK)
    WHERE h.[OneRow] = 1;
    IF @head IS NULL
        THROW 50000, N'The row of {schema}.AllStreamHead is missing.', 1;

    -- Locked, and missing ones kept from being made, against writers that do not know the head row.
    INSERT INTO @state ([Stream], [IdInternal], [Version], [Position], [MaxCount])
    SELECT t.[Stream], s.[IdInternal], s.[Version], ISNULL(s.[Position], -1), s.[MaxCount]
    FROM @streams AS t
    LEFT JOIN [{schema}].[Streams] AS s WITH (UPDLOCK, HOLDLOCK, ROWLOCK, FORCESEEK) ON s.[Id] = t.[Id]
    OPTION (LOOP JOIN);

    INSERT INTO @decisions ([Append], [Round], [Stream], [Expected], [Count], [Found], [Lowest], [Highest])
    SELECT a.[Append], a.[Round], a.[Stream], a.[Expected], a.[Count], k.[Found], k.[Lowest], k.[Highest]
    FROM @appends AS a
    JOIN @state AS c ON c.[Stream] = a.[Stream]
    CROSS APPLY (
        SELECT COUNT(*) AS [Found], MIN(m.[StreamVersion] - i.[Ordinal]) AS [Lowest], MAX(m.[StreamVersion] - i.[Ordinal]) AS [Highest]
        FROM @messages AS i
        JOIN [{schema}].[Messages] AS m WITH (FORCESEEK) ON m.[StreamIdInternal] = c.[IdInternal] AND m.[Id] = i.[Id]
        WHERE i.[Append] = a.[Append]) AS k
    OPTION (LOOP JOIN, FORCE ORDER);

    WHILE @round <= @rounds
    BEGIN
        -- Either the append goes to the end, or it must be there already, from the version that it expects.
        UPDATE d
        SET [Base] = CASE WHEN n.[IsNew] = 1 THEN ISNULL(c.[Version], -1) + 1 END,
            [Version] = CASE
                WHEN n.[IsNew] = 1 THEN ISNULL(c.[Version], -1) + d.[Count]
                WHEN n.[HeldFrom] IS NOT NULL AND d.[Found] = d.[Count]
                    AND (d.[Count] = 0 OR (d.[Lowest] = n.[HeldFrom] AND d.[Highest] = n.[HeldFrom])) THEN c.[Version]
                END
        FROM @decisions AS d
        JOIN @state AS c ON c.[Stream] = d.[Stream]
        CROSS APPLY (
            SELECT
                CASE
                    WHEN d.[Expected] = @any THEN CASE WHEN d.[Found] = 0 THEN 1 ELSE 0 END
                    WHEN d.[Expected] = @noStream THEN CASE WHEN c.[Version] IS NULL THEN 1 ELSE 0 END
                    WHEN d.[Expected] = c.[Version] THEN CASE WHEN d.[Found] = 0 THEN 1 ELSE 0 END
                    ELSE 0
                END AS [IsNew],
                CASE
                    WHEN d.[Expected] = @any THEN d.[Lowest]
                    WHEN d.[Expected] = @noStream THEN 0
                    WHEN d.[Expected] < c.[Version] THEN d.[Expected] + 1
                END AS [HeldFrom]) AS n
        WHERE d.[Round] = @round
        OPTION (LOOP JOIN, FORCE ORDER);

        UPDATE c
        SET [Version] = d.[Version]
        FROM @decisions AS d
        JOIN @state AS c ON c.[Stream] = d.[Stream]
        WHERE d.[Round] = @round AND d.[Base] IS NOT NULL
        OPTION (LOOP JOIN, FORCE ORDER);

        SET @round = @round + 1;
    END;

    IF EXISTS (SELECT 1 FROM @state AS c WHERE c.[IdInternal] IS NULL AND c.[Version] IS NOT NULL)
    BEGIN
        INSERT INTO [{schema}].[Streams] ([Id], [IdOriginal], [MaxAge], [MaxCount])
        SELECT t.[Id], t.[IdOriginal],
            TRY_CAST(CASE WHEN ISJSON(l.[JsonData]) = 1 THEN JSON_VALUE(l.[JsonData], N'$.MaxAge') END AS INT),
            TRY_CAST(CASE WHEN ISJSON(l.[JsonData]) = 1 THEN JSON_VALUE(l.[JsonData], N'$.MaxCount') END AS INT)
        FROM @state AS c
        JOIN @streams AS t ON t.[Stream] = c.[Stream]
        OUTER APPLY (
            SELECT m.[JsonData]
            FROM [{schema}].[Streams] AS s WITH (FORCESEEK)
            JOIN [{schema}].[Messages] AS m WITH (FORCESEEK) ON m.[StreamIdInternal] = s.[IdInternal] AND m.[StreamVersion] = s.[Version]
            WHERE s.[Id] = t.[MetadataId]) AS l
        WHERE c.[IdInternal] IS NULL AND c.[Version] IS NOT NULL
        ORDER BY t.[Stream]
        OPTION (LOOP JOIN);

        UPDATE c
        SET [IdInternal] = s.[IdInternal], [MaxCount] = s.[MaxCount]
        FROM @state AS c
        JOIN @streams AS t ON t.[Stream] = c.[Stream]
        JOIN [{schema}].[Streams] AS s WITH (FORCESEEK) ON s.[Id] = t.[Id]
        WHERE c.[IdInternal] IS NULL AND c.[Version] IS NOT NULL
        OPTION (LOOP JOIN);
    END;

    -- The identity of the table gives the positions, in this order.
    INSERT INTO [{schema}].[Messages] ([StreamIdInternal], [StreamVersion], [Id], [Created], [Type], [JsonData], [JsonMetadata])
    OUTPUT inserted.[StreamIdInternal], inserted.[StreamVersion], inserted.[Position] INTO @written ([IdInternal], [Version], [Position])
    SELECT c.[IdInternal], d.[Base] + i.[Ordinal], i.[Id], ISNULL(@created, GETUTCDATE()), i.[Type], i.[JsonData], i.[JsonMetadata]
    FROM @decisions AS d
    JOIN @state AS c ON c.[Stream] = d.[Stream]
    JOIN @messages AS i ON i.[Append] = d.[Append]
    WHERE d.[Base] IS NOT NULL
    ORDER BY d.[Append], i.[Ordinal]
    OPTION (LOOP JOIN, FORCE ORDER);

    SELECT @first = MIN(w.[Position]), @last = MAX(w.[Position]) FROM @written AS w;
    IF @last IS NOT NULL
    BEGIN
        -- A follower that has read up to the head would never see what lies below it.
        IF @first <= @head
            THROW 50000, N'The identity of {schema}.Messages has been set back: new positions would come before old ones.', 1;

        UPDATE s
        SET [Version] = c.[Version], [Position] = w.[Position]
        FROM @state AS c
        JOIN @written AS w ON w.[IdInternal] = c.[IdInternal] AND w.[Version] = c.[Version]
        JOIN [{schema}].[Streams] AS s ON s.[IdInternal] = c.[IdInternal]
        OPTION (LOOP JOIN);

        UPDATE [{schema}].[AllStreamHead] SET [Position] = @last WHERE [OneRow] = 1;
    END;

    COMMIT TRANSACTION;

    SELECT d.[Version], ISNULL(w.[Position], c.[Position]) AS [Position], CASE WHEN c.[MaxCount] > 0 THEN c.[MaxCount] END AS [MaxCount]
    FROM @decisions AS d
    JOIN @state AS c ON c.[Stream] = d.[Stream]
    LEFT JOIN @written AS w ON w.[IdInternal] = c.[IdInternal] AND w.[Version] = d.[Version]
    ORDER BY d.[Append];
END
