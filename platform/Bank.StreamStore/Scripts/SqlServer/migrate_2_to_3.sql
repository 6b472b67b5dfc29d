-- Adds what version 3 has and version 2 has not. The limits of the streams are filled in afterwards.
-- Added columns are named in batches of their own: this batch is compiled before they exist.
SET XACT_ABORT ON;
BEGIN TRANSACTION;
EXEC sys.sp_getapplock @Resource = N'Bank.StreamStore', @LockMode = N'Exclusive';
IF COL_LENGTH(N'[{schema}].[Streams]', N'MaxAge') IS NULL
    ALTER TABLE [{schema}].[Streams] ADD [MaxAge] INT NULL DEFAULT (NULL);
IF COL_LENGTH(N'[{schema}].[Streams]', N'MaxCount') IS NULL
    ALTER TABLE [{schema}].[Streams] ADD [MaxCount] INT NULL DEFAULT (NULL);
IF COL_LENGTH(N'[{schema}].[Streams]', N'IdOriginalReversed') IS NULL
    ALTER TABLE [{schema}].[Streams] ADD [IdOriginalReversed] AS REVERSE([IdOriginal]);
IF NOT EXISTS (SELECT 1 FROM sys.indexes AS i WHERE i.[object_id] = OBJECT_ID(N'[{schema}].[Streams]') AND i.[name] = N'IX_Streams_IdOriginal')
    CREATE NONCLUSTERED INDEX [IX_Streams_IdOriginal] ON [{schema}].[Streams] ([IdOriginal], [IdInternal]);
IF NOT EXISTS (SELECT 1 FROM sys.indexes AS i WHERE i.[object_id] = OBJECT_ID(N'[{schema}].[Streams]') AND i.[name] = N'IX_Streams_IdOriginalReversed')
    EXEC(N'CREATE NONCLUSTERED INDEX [IX_Streams_IdOriginalReversed] ON [{schema}].[Streams] ([IdOriginalReversed], [IdInternal])');
IF EXISTS (
    SELECT 1 FROM sys.extended_properties AS p
    WHERE p.[class] = 1 AND p.[major_id] = OBJECT_ID(N'[{schema}].[Streams]', N'U') AND p.[minor_id] = 0 AND p.[name] = N'version')
    EXEC sys.sp_updateextendedproperty
        @name = N'version', @value = N'3', @level0type = N'SCHEMA', @level0name = N'{schema}', @level1type = N'TABLE', @level1name = N'Streams';
ELSE
    EXEC sys.sp_addextendedproperty
        @name = N'version', @value = N'3', @level0type = N'SCHEMA', @level0name = N'{schema}', @level1type = N'TABLE', @level1name = N'Streams';
COMMIT TRANSACTION;
