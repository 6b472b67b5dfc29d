-- Creates what is missing; may be run at any time, by several at once. The tables are those of SqlStreamStore, schema version 3; what follows them is ours.
-- Version 4 is version 3 with messages that are archived.
SET XACT_ABORT ON;
BEGIN TRANSACTION;
EXEC sys.sp_getapplock @Resource = N'Bank.StreamStore', @LockMode = N'Exclusive';

IF SCHEMA_ID(N'{schema}') IS NULL EXEC(N'CREATE SCHEMA [{schema}]');

DECLARE @version INT = (
    SELECT TRY_CAST(CAST(p.[value] AS NVARCHAR(20)) AS INT)
    FROM sys.extended_properties AS p
    WHERE p.[class] = 1 AND p.[major_id] = OBJECT_ID(N'[{schema}].[Streams]', N'U') AND p.[minor_id] = 0 AND p.[name] = N'version');
IF OBJECT_ID(N'[{schema}].[Streams]', N'U') IS NOT NULL AND ISNULL(@version, 1) NOT IN (3, 4)
BEGIN
    DECLARE @refusal NVARCHAR(400) = CONCAT(N'The tables in the schema {schema} are of version ', ISNULL(@version, 1), N', and version 3 is needed. Version 2 can be migrated.');
    THROW 50000, @refusal, 1;
END;

IF OBJECT_ID(N'[{schema}].[Streams]', N'U') IS NULL
BEGIN
    CREATE TABLE [{schema}].[Streams] (
        [Id]                 CHAR(42)       NOT NULL,
        [IdOriginal]         NVARCHAR(1000) NOT NULL,
        [IdInternal]         INT            NOT NULL IDENTITY(1, 1),
        [Version]            INT            NOT NULL DEFAULT (-1),
        [Position]           BIGINT         NOT NULL DEFAULT (-1),
        [MaxAge]             INT            NULL     DEFAULT (NULL),
        [MaxCount]           INT            NULL     DEFAULT (NULL),
        [IdOriginalReversed] AS REVERSE([IdOriginal]),
        CONSTRAINT [PK_Streams] PRIMARY KEY CLUSTERED ([IdInternal])
    );
    CREATE UNIQUE NONCLUSTERED INDEX [IX_Streams_Id] ON [{schema}].[Streams] ([Id]);
    CREATE NONCLUSTERED INDEX [IX_Streams_IdOriginal] ON [{schema}].[Streams] ([IdOriginal], [IdInternal]);
    CREATE NONCLUSTERED INDEX [IX_Streams_IdOriginalReversed] ON [{schema}].[Streams] ([IdOriginalReversed], [IdInternal]);
    CREATE TABLE [{schema}].[Messages] (
        [StreamIdInternal] INT              NOT NULL,
        [StreamVersion]    INT              NOT NULL,
        [Position]         BIGINT           NOT NULL IDENTITY(0, 1),
        [Id]               UNIQUEIDENTIFIER NOT NULL,
        [Created]          DATETIME         NOT NULL,
        [Type]             NVARCHAR(128)    NOT NULL,
        [JsonData]         NVARCHAR(MAX)    NOT NULL,
        [JsonMetadata]     NVARCHAR(MAX)    NULL,
        CONSTRAINT [PK_Events] PRIMARY KEY CLUSTERED ([Position]),
        CONSTRAINT [FK_Events_Streams] FOREIGN KEY ([StreamIdInternal]) REFERENCES [{schema}].[Streams] ([IdInternal])
    );
    CREATE UNIQUE NONCLUSTERED INDEX [IX_Messages_StreamIdInternal_Id] ON [{schema}].[Messages] ([StreamIdInternal], [Id]);
    CREATE UNIQUE NONCLUSTERED INDEX [IX_Messages_StreamIdInternal_Revision] ON [{schema}].[Messages] ([StreamIdInternal], [StreamVersion]);
    CREATE NONCLUSTERED INDEX [IX_Messages_StreamIdInternal_Created] ON [{schema}].[Messages] ([StreamIdInternal], [Created]);
    EXEC sys.sp_addextendedproperty
        @name = N'version', @value = N'3', @level0type = N'SCHEMA', @level0name = N'{schema}', @level1type = N'TABLE', @level1name = N'Streams';
END;

IF NOT EXISTS (SELECT 1 FROM sys.table_types AS t WHERE t.[schema_id] = SCHEMA_ID(N'{schema}') AND t.[name] = N'NewStreamMessages')
    CREATE TYPE [{schema}].[NewStreamMessages] AS TABLE (
        [StreamVersion] INT              NOT NULL IDENTITY(0, 1),
        [Id]            UNIQUEIDENTIFIER NOT NULL,
        [Created]       DATETIME         NOT NULL DEFAULT (GETUTCDATE()),
        [Type]          NVARCHAR(128)    NOT NULL,
        [JsonData]      NVARCHAR(MAX)    NULL,
        [JsonMetadata]  NVARCHAR(MAX)    NULL
    );

-- Ours: the row that every append locks, the types that carry a group, and the procedure that writes it.
IF OBJECT_ID(N'[{schema}].[AllStreamHead]', N'U') IS NULL
    CREATE TABLE [{schema}].[AllStreamHead] (
        [OneRow]   BIT    NOT NULL DEFAULT (1),
        [Position] BIGINT NOT NULL,
        CONSTRAINT [PK_AllStreamHead] PRIMARY KEY CLUSTERED ([OneRow]),
        CONSTRAINT [CK_AllStreamHead_OneRow] CHECK ([OneRow] = 1)
    );
IF OBJECT_ID(N'[{schema}].[Snapshots]', N'U') IS NULL
    CREATE TABLE [{schema}].[Snapshots] (
        [Id]        CHAR(42)         NOT NULL,
        [Type]      NVARCHAR(128)    NOT NULL,
        [Version]   INT              NOT NULL,
        [MessageId] UNIQUEIDENTIFIER NOT NULL,
        [State]     NVARCHAR(MAX)    NOT NULL,
        CONSTRAINT [PK_Snapshots] PRIMARY KEY CLUSTERED ([Id], [Type])
    );
IF COL_LENGTH(N'[{schema}].[Messages]', N'ArchivedIn') IS NULL
    ALTER TABLE [{schema}].[Messages] ADD [ArchivedIn] BIGINT NULL;
IF OBJECT_ID(N'[{schema}].[MessageArchive]', N'U') IS NULL
    CREATE TABLE [{schema}].[MessageArchive] (
        [Id]            BIGINT         NOT NULL,
        [FirstPosition] BIGINT         NOT NULL,
        [LastPosition]  BIGINT         NOT NULL,
        [Messages]      INT            NOT NULL,
        [Checksum]      BINARY(32)     NOT NULL,
        [Payload]       VARBINARY(MAX) NOT NULL,
        CONSTRAINT [PK_MessageArchive] PRIMARY KEY CLUSTERED ([Id])
    );
IF NOT EXISTS (SELECT 1 FROM [{schema}].[AllStreamHead])
    INSERT INTO [{schema}].[AllStreamHead] ([Position]) SELECT ISNULL(MAX(m.[Position]), -1) FROM [{schema}].[Messages] AS m;

IF NOT EXISTS (SELECT 1 FROM sys.table_types AS t WHERE t.[schema_id] = SCHEMA_ID(N'{schema}') AND t.[name] = N'AppendGroupStreams_1')
    CREATE TYPE [{schema}].[AppendGroupStreams_1] AS TABLE (
        [Stream]     INT            NOT NULL PRIMARY KEY,
        [Id]         CHAR(42)       NOT NULL,
        [IdOriginal] NVARCHAR(1000) NOT NULL,
        [MetadataId] CHAR(42)       NOT NULL
    );
IF NOT EXISTS (SELECT 1 FROM sys.table_types AS t WHERE t.[schema_id] = SCHEMA_ID(N'{schema}') AND t.[name] = N'AppendGroupAppends_1')
    CREATE TYPE [{schema}].[AppendGroupAppends_1] AS TABLE (
        [Append]   INT NOT NULL PRIMARY KEY,
        [Stream]   INT NOT NULL,
        [Round]    INT NOT NULL,
        [Expected] INT NOT NULL,
        [Count]    INT NOT NULL
    );
IF NOT EXISTS (SELECT 1 FROM sys.table_types AS t WHERE t.[schema_id] = SCHEMA_ID(N'{schema}') AND t.[name] = N'AppendGroupMessages_1')
    CREATE TYPE [{schema}].[AppendGroupMessages_1] AS TABLE (
        [Append]       INT              NOT NULL,
        [Ordinal]      INT              NOT NULL,
        [Id]           UNIQUEIDENTIFIER NOT NULL,
        [Type]         NVARCHAR(128)    NOT NULL,
        [JsonData]     NVARCHAR(MAX)    NOT NULL,
        [JsonMetadata] NVARCHAR(MAX)    NOT NULL,
        PRIMARY KEY ([Append], [Ordinal])
    );
{procedures}
COMMIT TRANSACTION;
